import { withinInlineBudget } from './limits.js'

/** Beyond so many marks nobody sees the difference, and looking for pairs costs their square. */
const MAX_MARKS = 500

/** An emphasis run or bracket that waits for its end. */
interface Opening {
  readonly mark: '*' | '_' | '~' | '['
  readonly at: number
  /** Marks left to close; 1 for a bracket. */
  length: number
}

const BLANK = /\s/
const WORD = /[\p{L}\p{N}]/u
const PARTIAL_ENTITY = /&#?\w{0,30}$/
const PARTIAL_AUTOLINK = /<[a-zA-Z][^\s<>]*$/
const PARTIAL_TAG = /<[a-zA-Z/!][^<>]*$/

/**
 * Closes or drops what is unfinished at the end of one run of inline text, so that the lexer sees only whole
 * constructs: open code and emphasis get their end, half a link becomes its text, half an image nothing.
 */
export function closeInline(source: string, html: boolean): string {
  const marks = source.match(/[*_~[\]`]/g)?.length ?? 0
  if (marks > MAX_MARKS || !withinInlineBudget(source)) return source
  const text = dropPartialEnd(source, html)
  return new InlineMender(text).mend()
}

function dropPartialEnd(text: string, html: boolean): string {
  const cut = text.replace(PARTIAL_ENTITY, '').replace(html ? PARTIAL_TAG : PARTIAL_AUTOLINK, '')
  return /(?<!\\)(?:\\\\)*\\$/.test(cut) ? cut.slice(0, -1) : cut.endsWith('!') ? cut.slice(0, -1) : cut
}

class InlineMender {
  readonly #open: Opening[] = []
  /** Ranges of the text to leave out. */
  readonly #drops: { from: number; to: number }[] = []
  #end: number
  #codeEnd = ''
  #at = 0

  constructor(private readonly text: string) {
    this.#end = text.length
  }

  mend(): string {
    while (this.#at < this.#end) this.#step()
    for (const opening of this.#open) if (opening.mark === '[') this.#dropBracket(opening)
    return this.#assemble()
  }

  #step(): void {
    const char = this.text[this.#at]
    if (char === '\\') this.#at += 2
    else if (char === '`') this.#code()
    else if (char === '[') this.#bracket()
    else if (char === ']') this.#closeBracket()
    else if (char === '*' || char === '_' || char === '~') this.#emphasis(char)
    else this.#at += 1
  }

  #runLength(char: string): number {
    let length = 1
    while (this.text[this.#at + length] === char) length += 1
    return length
  }

  #code(): void {
    const run = '`'.repeat(this.#runLength('`'))
    const start = this.#at + run.length
    const end = indexOfRun(this.text, run, start)
    if (end >= 0) this.#at = end + run.length
    else {
      const isEmpty = this.text.slice(start).trim() === ''
      // A shorter run at the end is the beginning of the closing one.
      const partial = /[^`](`+)$/.exec(this.text.slice(start))?.[1]?.length ?? 0
      this.#end = isEmpty ? this.#at : this.text.length - (partial < run.length ? partial : 0)
      this.#codeEnd = isEmpty ? '' : run
      this.#at = this.#end
    }
  }

  #bracket(): void {
    this.#open.push({ mark: '[', at: this.#at, length: 1 })
    this.#at += 1
  }

  #closeBracket(): void {
    const index = this.#open.findLastIndex(({ mark }) => mark === '[')
    const opening = this.#open[index]
    const close = this.#at
    this.#at += 1
    if (!opening) return
    this.#open.length = index
    const next = this.text[close + 1]
    const end =
      next === '('
        ? closingParen(this.text, close + 1)
        : next === '['
          ? this.text.indexOf(']', close + 2)
          : null
    if (end !== null && end >= 0) this.#at = end + 1
    else if (end !== null || next === undefined) this.#cutLink(opening, close)
  }

  /** The destination is not complete: only the label stays, and nothing after it. */
  #cutLink(opening: Opening, close: number): void {
    this.#dropBracket(opening)
    this.#end = Math.min(this.#end, close)
    this.#at = this.#end
  }

  #dropBracket({ at }: Opening): void {
    if (this.text[at - 1] === '!') this.#drops.push({ from: at - 1, to: this.text.length })
    else this.#drops.push({ from: at, to: at + 1 })
  }

  #emphasis(mark: '*' | '_' | '~'): void {
    let length = this.#runLength(mark)
    const before = this.text[this.#at - 1] ?? ' '
    const after = this.text[this.#at + length]
    const start = this.#at
    this.#at += length
    if (after === undefined) {
      this.#drops.push({ from: start, to: this.#at })
      return
    }
    if (!BLANK.test(before) && (mark !== '_' || !WORD.test(after))) length = this.#closeEmphasis(mark, length)
    // A single ~ mostly means "about"; striking the rest of the line out meanwhile would be worse than waiting.
    const isMark = mark !== '~' || length === 2
    const mayOpen = isMark && length > 0 && !BLANK.test(after) && (mark !== '_' || !WORD.test(before))
    if (mayOpen) this.#open.push({ mark, at: start, length: Math.min(length, 3) })
  }

  /** Gives back how many marks of the run are left over. */
  #closeEmphasis(mark: string, length: number): number {
    let left = length
    while (left > 0) {
      const index = this.#open.findLastIndex((opening) => opening.mark === mark)
      const opening = this.#open[index]
      if (!opening) break
      const used = Math.min(left, opening.length)
      opening.length -= used
      left -= used
      this.#open.length = opening.length === 0 ? index : index + 1
    }
    return left
  }

  #assemble(): string {
    const openings = this.#open.filter(({ mark }) => mark !== '[')
    // An opening with nothing behind it is not shown at all.
    for (
      let last = openings.at(-1);
      last && this.#kept(last.at + last.length).trim() === '';
      last = openings.at(-1)
    ) {
      this.#drops.push({ from: last.at, to: last.at + last.length })
      openings.pop()
    }
    const body = this.#kept(0) + this.#codeEnd
    const trimmed = body.trimEnd()
    const closings = openings.toReversed().map(({ mark, length }) => mark.repeat(length))
    return trimmed + closings.join('') + body.slice(trimmed.length)
  }

  /** The text from `start` on, without what is left out. */
  #kept(start: number): string {
    let result = ''
    let from = start
    for (const drop of this.#drops.toSorted((a, b) => a.from - b.from)) {
      if (drop.from >= this.#end) break
      result += this.text.slice(from, Math.max(from, drop.from))
      from = Math.max(from, drop.to)
    }
    return result + this.text.slice(from, Math.max(from, this.#end))
  }
}

function indexOfRun(text: string, run: string, from: number): number {
  for (let at = text.indexOf(run, from); at >= 0; at = text.indexOf(run, at)) {
    let end = at + run.length
    while (text[end] === '`') end += 1
    if (end - at === run.length) return at
    at = end
  }
  return -1
}

/** Index of the parenthesis that closes the one at `open`, or -1. */
function closingParen(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '(') depth += 1
    else if (text[at] === ')' && (depth -= 1) === 0) return at
  }
  return -1
}
