import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Links between the pages of a checkout that lead nowhere when it is read as it is, as on GitHub: the site is built from the same pages, but
 * has files of its own, and names for headings.
 *
 * @param {readonly string[]} pages Markdown files, from `folder`
 * @returns {string[]} one line for each
 */
export function deadRepositoryLinks(folder, pages) {
  const isKept = keptIn(folder)
  return pages.flatMap((page) =>
    linksOf(read(folder, page))
      .filter((link) => !leadsSomewhere(folder, page, link, isKept))
      .map((link) => `${page}: leads nowhere in the repository: ${link}`),
  )
}

/** What git keeps or would keep, and its folders: what is built lies on the disk alone. Without git, all that lies there. */
function keptIn(folder) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout } = spawnSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) return () => true
  const kept = new Set(['.'])
  for (const file of stdout.split('\0'))
    for (let path = file; path !== '' && !kept.has(path); path = dirname(path)) kept.add(path)
  return (path) => kept.has(path)
}

/** What is written, without the code that is shown. */
const read = (folder, page) => readFileSync(join(folder, page), 'utf8').replace(/^( *)```.*?^\1```/gms, '')

const linksOf = (text) =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link))

function leadsSomewhere(folder, page, link, isKept) {
  const [path, heading] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path).replace(/\/$/, '')
  if (!existsSync(join(folder, target)) || !isKept(target)) return false
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
