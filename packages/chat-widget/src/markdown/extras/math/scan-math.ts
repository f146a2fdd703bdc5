import { fenceEnd, findFence } from '../../fence.js'
import { mathAt, mathBlockAt, MATH_LENGTH, mayBeginMath } from './find-math.js'

export interface Scanned {
  /** The formulas of a text, in order. */
  readonly formulas: readonly { readonly at: number; readonly raw: string }[]
  /** Where one begins that has no end yet; null when there is none. */
  readonly open: number | null
}

/** Finds what is math in Markdown, outside of code. */
export function scanMath(text: string): Scanned {
  const formulas: { at: number; raw: string }[] = []
  const marks = /`+|[\\$]/g
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    const at = mark.index
    if (mark[0].startsWith('`')) {
      marks.lastIndex = codeEnd(text, at, mark[0])
      continue
    }
    const found = blockAt(text, at) ?? mathAt(text, at)
    if (found) formulas.push({ at, raw: found.raw })
    else if (mayBegin(text, at)) return { formulas, open: at }
    // An escaped mark is no mark.
    const length = found?.raw.length ?? (mark[0] === '\\' ? 2 : text[at + 1] === '$' ? 2 : 1)
    marks.lastIndex = at + length
  }
  return { formulas, open: null }
}

const blockAt = (text: string, at: number): ReturnType<typeof mathBlockAt> =>
  at === 0 || text[at - 1] === '\n' ? mathBlockAt(text.slice(at)) : null

const mayBegin = (text: string, at: number): boolean =>
  (text[at] === '$' || /^\\[([]/.test(text.slice(at, at + 2))) && mayBeginMath(text, at)

const BLANK_LINE = /\n[ \t]*\n/

/** Behind the code that begins at `at`; the end of the text where it is not closed yet; behind its mark alone where its paragraph is over. */
function codeEnd(text: string, at: number, mark: string): number {
  const start = at + mark.length
  const end = new RegExp(`(?<!\`)\`{${mark.length}}(?!\`)`, 'g')
  end.lastIndex = start
  const match = end.exec(text)
  const isFence = mark.length > 2
  if (!isFence && BLANK_LINE.test(text.slice(start, match?.index))) return start
  return match ? match.index + mark.length : text.length
}

const OPENING = /^ {0,3}(?:\$\$|\\\[|`{3}|~{3})/gm

/**
 * Where a block of math begins whose end has not come, or null. What stands before may be final, what follows is not even known to be a
 * block. Where in doubt, it is open: that costs time, and changes nothing.
 */
export function openMathBlockAt(text: string): number | null {
  const openings = new RegExp(OPENING)
  /** How far the formulas reach that were found. */
  let formulaEnd = 0
  for (let match = openings.exec(text); match; match = openings.exec(text)) {
    const { index } = match
    const rest = text.slice(index)
    const fence = findFence(rest)
    const formula = fence ? null : mathBlockAt(rest)
    if (formula) {
      const end = index + formula.raw.length
      // Else it is looked into: in a list it may be words, and what looks like another one's end may begin one.
      if (index >= formulaEnd && standsAlone(text, index)) openings.lastIndex = end
      formulaEnd = Math.max(formulaEnd, end)
    } else if (!fence && mayBeOpen(rest)) return index
    else if (fence && index >= formulaEnd && text[index] !== ' ') {
      const end = fenceEnd(rest, fence)?.end
      if (end === undefined) return null
      openings.lastIndex = index + end
    }
  }
  return null
}

/** Whatever is around it is over at `at`: a blank line before it, and nothing on its line. */
const standsAlone = (text: string, at: number): boolean =>
  text[at] !== ' ' && /(?:^|\n[ \t]*\n)$/.test(text.slice(Math.max(0, at - 80), at))

/** No end of it has come, and there is room for one. */
const mayBeOpen = (rest: string): boolean =>
  rest.length <= MATH_LENGTH && !(/^ *\$\$/.test(rest) ? /^ *\$\$[^]*\$\$/ : /^ *\\\[[^]*\\\]/).test(rest)
