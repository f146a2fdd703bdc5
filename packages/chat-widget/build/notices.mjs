import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const IN_A_PACKAGE = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//

/**
 * Code of others goes out in our files without its comments. Their licences ask that the notice goes along: it does as a file beside them.
 * @type {import('rollup').Plugin}
 */
export const notices = {
  name: 'notices',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
    this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source: noticesOf(modules) })
  },
}

/**
 * @param {readonly string[]} modules paths of files
 * @throws Error when a package has no text of its licence
 */
export function noticesOf(modules) {
  const packages = [...new Map(modules.flatMap(folderOf))].toSorted(([one], [other]) =>
    one.localeCompare(other),
  )
  const texts = packages.map(([name, folder]) => noticeOf(name, folder))
  return `Colloquy is under the MIT licence. These files also have code of:\n${texts.join('')}`
}

function folderOf(path) {
  const [folder, name] = IN_A_PACKAGE.exec(path) ?? []
  return folder === undefined ? [] : [[name, folder]]
}

function noticeOf(name, folder) {
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((one) => /^licen[cs]e(?:\.\w+)?$/i.test(one))
  if (file === undefined) throw new Error(`${name} has no text of its licence`)
  const text = readFileSync(join(folder, file), 'utf8').trim()
  return `\n---\n\n${name} ${version}, ${license}\n\n${text}\n`
}
