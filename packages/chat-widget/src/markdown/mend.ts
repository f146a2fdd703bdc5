import type { AnswerSyntax } from './lexer.js'
import { closeInline } from './mend-inline.js'

const CONTAINERS = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*/
const ONLY_MARKS = /^(?:[-+*_=#~`|:>\s]*|\d{1,9}[.)]?)$/
const FENCE_OPENING = /^(?:`{3,}[^`]*|~{3,}.*)$/
const TASK_BOX = /^\[[ xX]?\]?\s*$/
const DEFINITION = /^ {0,3}\[[^\]]{0,200}(?:|\]:?|\]:.*)$/
const DELIMITER_ROW = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*$/
const TABLE_LINE = /^[ \t]*\|/

/**
 * Makes the open end of an answer presentable: what is begun is closed (`**bold` → bold), and what cannot be told
 * yet (a lone `#`, half a link, the first row of what may be a table) is held back. Only for display; the text
 * itself is kept as it came.
 */
export function mend(text: string, { html, math }: AnswerSyntax): string {
  const fence = openFence(text)
  if (fence !== null) return withoutPartialFence(text, fence)
  if (!math) return mendEnd(text, html)
  return math.around(text, (hidden) => mendEnd(hidden, html))
}

function mendEnd(text: string, html: boolean): string {
  const lineStart = text.lastIndexOf('\n') + 1
  const held = holdTable(holdLine(text, lineStart))
  if (held !== text) return held === '' ? '' : mendLeaf(held, html)
  return mendLeaf(text, html)
}

/** The marker of the fence that is still open at the end of `text`, whatever it is nested in. */
function openFence(text: string): string | null {
  let open: string | null = null
  const lines = text.split('\n')
  lines.pop() // the last line is not complete
  for (const line of lines) {
    const content = line.replace(CONTAINERS, '')
    const marker = /^(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(content)
    if (!marker?.[1]) continue
    if (open === null) open = marker[1]
    else if (closes(marker[1], open) && marker[2]?.trim() === '') open = null
  }
  return open
}

const closes = (marker: string, open: string): boolean => marker.startsWith(open)

function withoutPartialFence(text: string, fence: string): string {
  const lineStart = text.lastIndexOf('\n') + 1
  const line = text.slice(lineStart).trim()
  const isPart = line !== '' && (fence.startsWith(line) || line.startsWith(fence))
  return isPart ? text.slice(0, lineStart) : text
}

/** Drops the last line while it could still become a block mark. */
function holdLine(text: string, lineStart: number): string {
  const line = text.slice(lineStart)
  if (line.trim() === '') return text
  const content = line.replace(CONTAINERS, '')
  const undecided =
    ONLY_MARKS.test(line.trim()) ||
    ONLY_MARKS.test(content) ||
    FENCE_OPENING.test(content) ||
    (content !== line && TASK_BOX.test(content)) ||
    DEFINITION.test(line)
  return undecided ? text.slice(0, lineStart) : text
}

/** Drops a row in pipes at the end until the line below it says whether it heads a table. */
function holdTable(text: string): string {
  const lines = text.split('\n')
  const last = lines.length - (lines.at(-1) === '' ? 2 : 1)
  const isRow = (index: number): boolean => index >= 0 && TABLE_LINE.test(lines[index] ?? '')
  if (!isRow(last)) return text
  if (!isRow(last - 1)) return lines.slice(0, last).join('\n')
  const onlyTwo = !isRow(last - 2)
  const undecided = onlyTwo && last === lines.length - 1 && DELIMITER_ROW.test(lines[last] ?? '')
  return undecided ? lines.slice(0, last - 1).join('\n') : text
}

/** Closes the inline marks of the last paragraph, item, heading or cell. */
function mendLeaf(text: string, html: boolean): string {
  const start = leafStart(text)
  return text.slice(0, start) + closeInline(text.slice(start), html)
}

const LEAF_OPENING =
  /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])|#{1,6}(?=[ \t])))+[ \t]*(?:\[[ xX]\][ \t]+)?/

function leafStart(text: string): number {
  let lineEnd = text.length
  while (lineEnd > 0) {
    const lineStart = text.lastIndexOf('\n', lineEnd - 1) + 1
    const line = text.slice(lineStart, lineEnd)
    if (line.trim() === '' && lineEnd !== text.length) return lineEnd
    if (TABLE_LINE.test(line)) return lineStart + cellStart(line)
    const opening = LEAF_OPENING.exec(line)
    if (opening) return lineStart + opening[0].length
    if (lineStart === 0) return 0
    lineEnd = lineStart - 1
  }
  return 0
}

/** Start of the last cell of a row: after the last pipe that is not escaped and not at the very end. */
function cellStart(row: string): number {
  for (let at = row.trimEnd().length - 1; at >= 0; at -= 1) {
    if (row[at] === '|' && row[at - 1] !== '\\' && at < row.trimEnd().length - 1) return at + 1
  }
  return row.indexOf('|') + 1
}
