/**
 * A piece of code that a page shows.
 * @typedef {object} Snippet
 * @property {string} file the page, from the root of the checkout
 * @property {number} line of the page on which the code begins
 * @property {string} language
 * @property {string} code
 * @property {string} given what its reader has already, in one line of code: what a comment `<!-- given: … -->` ahead of it says
 * @property {boolean} isPartial whether it says of itself, by the word `partial`, that it cannot stand alone: it is looked at by nobody
 */

const FENCE = /^( *)(`{3,})([\w-]*)(.*)$/
const GIVEN = /<!-- given: ([^]*?)-->\s*$/

/**
 * All code blocks of a page.
 * @param {string} file
 * @param {string} text
 * @returns {Snippet[]}
 */
export function snippetsIn(file, text) {
  const lines = text.split('\n')
  const found = []
  let start = 0
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent = '', ticks, language = '', about = ''] = FENCE.exec(lines[at]) ?? []
    if (ticks === undefined) continue
    const before = lines.slice(start, at).join('\n')
    const end = lines.findIndex((line, index) => index > at && line.trim() === ticks)
    if (end < 0) throw new Error(`${file}:${at + 1}: a code block without an end`)
    const code = lines
      .slice(at + 1, end)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    found.push({
      file,
      line: at + 2,
      language,
      code: code.join('\n'),
      given: (GIVEN.exec(before)?.[1] ?? '').replace(/\s+/g, ' ').trim(),
      isPartial: / partial\b/.test(about),
    })
    at = end
    start = end + 1
  }
  return found
}

/**
 * A snippet as a module, each of its lines where it stands on the page, so that what is said of one names its place.
 * @param {Snippet} snippet
 */
export const asModule = ({ given, code, line }) => `${'\n'.repeat(line - 2)}${given}\n${code}\n`
