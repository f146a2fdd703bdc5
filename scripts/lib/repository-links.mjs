import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Links between the pages of a checkout that lead nowhere when it is read as it is, as on GitHub: the site is built from the same pages, but
 * has files of its own, and names for headings.
 *
 * @param {readonly string[]} pages Markdown files, from `folder`
 * @returns {string[]} one line for each
 */
export const deadRepositoryLinks = (folder, pages) =>
  pages.flatMap((page) =>
    linksOf(read(folder, page))
      .filter((link) => !leadsSomewhere(folder, page, link))
      .map((link) => `${page}: leads nowhere in the repository: ${link}`),
  )

/** What is written, without the code that is shown. */
const read = (folder, page) => readFileSync(join(folder, page), 'utf8').replace(/^( *)```.*?^\1```/gms, '')

const linksOf = (text) =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link))

function leadsSomewhere(folder, page, link) {
  const [path, heading] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(folder, target))) return false
  return heading === undefined || !target.endsWith('.md') || namesIn(read(folder, target)).has(heading)
}

/** As GitHub names headings: words in lower case, blanks as dashes, nothing of all other signs. */
const namesIn = (text) =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
