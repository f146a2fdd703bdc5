import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { root } from './paths.mjs'
import { run } from './processes.mjs'
import { deadRepositoryLinks } from './repository-links.mjs'

const docs = join(root, 'docs')
const site = join(docs, '.vitepress/dist')

/**
 * The site, the code that its pages and the packages' own show, and their links where they are read without it.
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function checkDocs(toolchain) {
  // Stands on packages, which an earlier stage of the same process installs.
  const { pages, snippetProblems } = await import('./snippet-checks.mjs')
  const [site, wrongCode] = await Promise.all([buildDocs(toolchain), snippetProblems(toolchain.env)])
  const problems = [...wrongCode, ...deadRepositoryLinks(root, pages())]
  return {
    code: problems.length === 0 ? site.code : 1,
    output: [site.output.trim(), ...problems].filter(Boolean).join('\n'),
  }
}

/**
 * Builds the site, API reference included, and follows every link of the result: to pages, to headings, to pictures.
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function buildDocs({ env }) {
  for (const made of ['@colloquy', 'modules.md'])
    rmSync(join(docs, 'api', made), { recursive: true, force: true })
  for (const step of ['api', 'build']) {
    const built = await run('pnpm', ['--filter', '@colloquy/docs', 'run', step], { env })
    if (built.code !== 0) return built
  }
  const problems = [...leftOverIncludes(), ...deadLinks()]
  return { code: problems.length === 0 ? 0 : 1, output: problems.join('\n') }
}

const filesUnder = (folder, ending) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => join(folder, name))

/** VitePress shows the whole file where a region is missing, and nothing where the file is. */
function leftOverIncludes() {
  return filesUnder(docs, '.md').flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/<!--@include: ([^#\s]+)(?:#(\S+))? *-->/g)]
      .filter(([, file, region]) => !hasRegion(join(dirname(page), file), region))
      .map(([text]) => `${relative(root, page)}: nothing to include: ${text}`),
  )
}

const isFile = (name) => statSync(name, { throwIfNoEntry: false })?.isFile() === true

const hasRegion = (file, region) =>
  isFile(file) &&
  (region === undefined || readFileSync(file, 'utf8').includes(`<!-- #endregion ${region} -->`))

/** Every `href` and `src` of the built pages that leads nowhere in the site; VitePress itself looks at pages alone. */
export function deadLinks(folder = site) {
  const pages = new Map(filesUnder(folder, '.html').map((file) => [file, readFileSync(file, 'utf8')]))
  return [...pages].flatMap(([page, html]) =>
    [...linksIn(html)]
      .filter((link) => !leadsSomewhere(link, { folder, page, pages }))
      .map((link) => `${relative(folder, page)}: dead link ${link}`),
  )
}

const linksIn = (html) =>
  new Set(
    [...html.matchAll(/\b(?:href|src)="([^"]+)"/g)]
      .map(([, link]) => link.replaceAll('&amp;', '&'))
      .filter((link) => !/^(?:[a-z]+:|\/\/)/.test(link)),
  )

function leadsSomewhere(link, { folder, page, pages }) {
  const [path = '', hash = ''] = link.split('#')
  const base = path === '' ? page : path.startsWith('/') ? join(folder, path) : join(dirname(page), path)
  const target = normalize(decodeURIComponent(base))
  const file = [target, `${target}.html`, join(target, 'index.html')].find(isFile)
  if (file === undefined) return false
  return hash === '' || (pages.get(file) ?? '').includes(`id="${decodeURIComponent(hash)}"`)
}
