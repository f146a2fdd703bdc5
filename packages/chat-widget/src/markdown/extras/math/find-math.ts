/** One formula, from its opening mark to its closing one. */
export interface MathSource {
  readonly raw: string
  /** TeX, without the marks around it. */
  readonly text: string
  /** On lines of its own, in place of a place in the line. */
  readonly display: boolean
}

/** UTF-16 code units of one formula; longer ones stay text. */
export const MATH_LENGTH = 4_000
/** Braces, `\left` and `\begin` inside each other: the library that reads TeX is recursive. */
const NESTING = 40

const DISPLAY = /^(?:\$\$((?:\\[^]|[^\\$]|\$(?!\$))+?)\$\$|\\\[((?:\\(?!\])[^]|[^\\])+?)\\\])/
const INLINE =
  /^(?:\$(?![\s$])((?:\\[^]|[^\\$])*?[^\\\s$]|(?:\\[^]|[^\\$])*?\\[^\s])\$(?!\d)|\\\(((?:\\(?!\))[^]|[^\\])+?)\\\))/
const BLANK_LINE = /\n[ \t]*\n/
const WORD = /[\p{L}\p{N}]/u

/**
 * The formula that begins at `at`: `\( … \)`, `\[ … \]`, `$$ … $$`, or `$ … $` where nobody could mean money: no blank inside the marks, no
 * letter or digit before them, no digit behind.
 */
export function mathAt(text: string, at: number): MathSource | null {
  const mark = text[at]
  if (mark !== '$' && mark !== '\\') return null
  const source = text.slice(at, at + MATH_LENGTH)
  const display = DISPLAY.exec(source)
  const match = display ?? (WORD.test(text[at - 1] ?? '') && mark === '$' ? null : INLINE.exec(source))
  const tex = match?.[1] ?? match?.[2]
  if (!match || tex === undefined || BLANK_LINE.test(tex) || tex.trim() === '' || isTooDeep(tex)) return null
  return { raw: match[0], text: tex, display: display !== null }
}

const BLOCK_END = /^[ \t]*(?:\n|$)/

/** The formula that is a block: it begins a line, and nothing stands behind it. Blank lines may be in it. */
export function mathBlockAt(text: string): MathSource | null {
  const indentation = /^ {0,3}/.exec(text)?.[0] ?? ''
  const match = DISPLAY.exec(text.slice(indentation.length, MATH_LENGTH))
  const tex = match?.[1] ?? match?.[2]
  if (!match || tex === undefined || tex.trim() === '' || isTooDeep(tex)) return null
  const raw = indentation + match[0]
  const end = BLOCK_END.exec(text.slice(raw.length))
  return end && { raw: raw + end[0].trimEnd(), text: tex, display: true }
}

function isTooDeep(tex: string): boolean {
  let depth = 0
  for (const [mark] of tex.matchAll(/\\(?:left|right|begin|end)(?![a-zA-Z])|\\[^]|[{}]/g)) {
    if (mark === '{' || mark === '\\left' || mark === '\\begin') depth += 1
    if (mark === '}' || mark === '\\right' || mark === '\\end') depth -= 1
    if (depth > NESTING) return true
  }
  return false
}

/** `$5 and`, `$5.` or `$5,000`: a number, then words or the sentence's end. */
const MONEY = /^\$\d[\d.,]*(?:[kKmMbB]|bn)?(?:[.,;:!?)]*\s+(?:\p{L}{2}|$)|[)"”])/u
/** Words before anything that only TeX has. */
const WORDS = /^\$[^\\^_{}=+*/<>|$]*\s\p{L}{2,}\s/u

/** True when a formula may begin at `at` whose end has not come: `text` is not complete. */
export function mayBeginMath(text: string, at: number): boolean {
  const rest = text.slice(at)
  if (rest.length > MATH_LENGTH) return false
  const isBlock = /(?:^|\n) {0,3}$/.test(text.slice(Math.max(0, at - 4), at))
  if (/^(?:\$\$|\\\[)/.test(rest))
    return (isBlock || !BLANK_LINE.test(rest)) && !/^(?:\$\$[^]*\$\$|\\\[[^]*\\\])/.test(rest)
  if (BLANK_LINE.test(rest)) return false
  if (rest.startsWith('\\(')) return !rest.includes('\\)')
  const isClosed = /^\$(?:\\[^]|[^\\$])*\$(?!$)/.test(rest)
  const isMark = /^\$(?!\s)/.test(rest) && !WORD.test(text[at - 1] ?? '')
  return isMark && !isClosed && !MONEY.test(rest) && !WORDS.test(rest)
}
