import type { Links, Token } from 'marked'
import { findFence, fenceEnd } from './fence.js'
import { finishedParts, withParts, type FinishedParts } from './finished-parts.js'
import { isLevelled, lastLevel, withLevels } from './heading-levels.js'
import { lex, lexBlocks, plainToken, visibleBlocks, type AnswerSyntax, type Lexed } from './lexer.js'
import { nestingOf, PARSE_LIMITS } from './limits.js'
import { mend } from './mend.js'
import { WaitingReferences } from './waiting-references.js'

const BLANK_LINE = /\n[ \t]*\n/g

/**
 * Turns text that arrives in pieces into block tokens.
 *
 * The text is cut in two: blocks that another block follows are *settled*, lexed once and never again (except
 * that a link definition found later completes those that wait for it, see `completeSome`); the rest is the *open tail*,
 * lexed anew at every `readOpen`. Where a block ends is decided on complete lines only, so any split of the text settles the same
 * blocks as one write.
 */
export class BlockStream {
  /** Settled tokens, in order. Only appended to, but for entries that a late definition replaced. */
  readonly settled: Token[] = []
  readonly #syntax: AnswerSyntax
  readonly #links: Links = {}
  readonly #waiting = new WaitingReferences()
  /** Indices of settled blocks that name a definition which came after them. */
  readonly #incomplete = new Set<number>()
  #tail = ''
  /** Of the block that the tail begins with. */
  #parts: FinishedParts | null = null
  /** Set when the open block broke the budget: from which offset of the tail its end may be looked for. */
  #plainFrom: number | null = null
  /** Level of the last settled heading. */
  #level = 0
  #heldReturn = false
  #ended = false

  constructor(syntax: AnswerSyntax) {
    this.#syntax = syntax
  }

  append(text: string): void {
    const whole = this.#heldReturn ? `\r${text}` : text
    this.#heldReturn = whole.endsWith('\r')
    this.#tail += (this.#heldReturn ? whole.slice(0, -1) : whole).replace(/\r\n?/g, '\n')
    this.#settleAll()
  }

  /** No more text will come: everything is settled, and nothing is guessed any more. */
  end(): void {
    if (this.#heldReturn) this.#tail += '\n'
    this.#heldReturn = false
    this.#ended = true
    this.#settleAll()
  }

  /** Tokens of the open tail as they should be shown now: unfinished marks closed or held back. */
  readOpen(): Token[] {
    if (this.#tail === '') return []
    if (this.#plainFrom !== null) return [this.#plain(this.#tail)]
    const { tokens, links } = this.#knowing(this.#tail, (text) => this.#lex(mend(text, this.#syntax)))
    // What its last line will be is not known before its end: another item, or a rule that ends the list.
    if (this.#tail.endsWith('\n') && links === this.#links)
      this.#parts = finishedParts(tokens[0], this.#tail, this.#syntax.math !== null)
    return withLevels(visibleBlocks(tokens), this.#level)
  }

  /** Some settled blocks have links that only became known after them. */
  get isIncomplete(): boolean {
    return this.#incomplete.size > 0
  }

  /**
   * Completes settled blocks whose definitions came later, about `length` UTF-16 code units of them: all the definitions of a long
   * answer may stand at its end, and concern all of it.
   * @returns the indices of those that were replaced
   */
  completeSome(length: number): readonly number[] {
    const replaced: number[] = []
    let done = 0
    for (const index of this.#incomplete) {
      if (done >= length) break
      this.#incomplete.delete(index)
      const token = this.settled[index]
      const [again] = token ? visibleBlocks(this.#lex(token.raw).tokens) : []
      if (!token || !again) continue
      this.settled[index] = isLevelled(token) ? { ...again, level: token.level } : again
      replaced.push(index)
      done += token.raw.length
    }
    return replaced
  }

  #lex(text: string): Lexed {
    return lex(text, { ...this.#syntax, links: this.#links })
  }

  /** What `lexing` makes of `text`, which the tail begins with; the parts that are finished are taken as they are. */
  #knowing(text: string, lexing: (text: string) => Lexed): Lexed {
    if (this.#parts) {
      const { tokens, links } = lexing(this.#parts.opening + text.slice(this.#parts.length))
      const all = links === this.#links ? withParts(this.#parts, tokens, text) : null
      if (all) return { tokens: all, links }
      this.#parts = null
    }
    return lexing(text)
  }

  #settleAll(): void {
    while (this.#tail !== '' && this.#settleSome()) continue
  }

  /** Settles what can be settled in one pass; false when nothing more can be done without more text. */
  #settleSome(): boolean {
    if (this.#plainFrom !== null) return this.#settlePlain(this.#plainFrom)
    const breach = this.#breach()
    const upTo = breach ?? this.#tail.length
    const text = this.#ended && breach === null ? this.#tail : completeLines(this.#tail.slice(0, upTo))
    const length = this.#ended && breach === null ? text.length : this.#finalLength(text)
    if (length > 0 && this.#settle(text, length)) return true
    if (breach === null) return false
    this.#plainFrom = breach
    return true
  }

  /** Where in the tail the budget is first broken, or null. */
  #breach(): number | null {
    const window = this.#tail.slice(0, PARSE_LIMITS.blockLength)
    const tooDeep = firstTooDeep(window)
    if (tooDeep !== null) return tooDeep
    return this.#tail.length > PARSE_LIMITS.blockLength ? PARSE_LIMITS.blockLength : null
  }

  /** Length of the leading blocks that no later text can change: all but the last one. */
  #finalLength(source: string): number {
    const open = this.#syntax.math?.openBlockAt(source) ?? null
    const text = open === null ? source : source.slice(0, open)
    if (!text.includes('\n') || fenceEnd(text, findFence(text)) === null) return 0
    let offset = 0
    let final = 0
    let previous = ''
    for (const token of this.#blocksOf(text)) {
      // A blank line ends these for good; after a list it may go on.
      if (token.type !== 'space' || previous === 'paragraph' || previous === 'heading') final = offset
      previous = token.type
      offset += token.raw.length
    }
    return final
  }

  #blocksOf(text: string): Token[] {
    try {
      return this.#knowing(text, (rest) => ({ tokens: lexBlocks(rest, this.#syntax), links: this.#links }))
        .tokens
    } catch {
      return [{ type: 'space', raw: text }]
    }
  }

  /** Settles the blocks within the first `length` units, if any; the rest of `text` is lexed with them, because the lexer looks ahead. */
  #settle(text: string, length: number): boolean {
    const { tokens, links } = this.#knowing(text, (rest) => this.#lex(rest))
    let offset = 0
    const inside = tokens.filter((token) => (offset += token.raw.length) <= length)
    if (inside.length === 0) return false
    this.#cut(inside.reduce((sum, { raw }) => sum + raw.length, 0))
    const levelled = withLevels(visibleBlocks(inside), this.#level)
    this.#level = lastLevel(levelled, this.#level)
    this.#learn(links)
    for (const token of levelled) {
      this.#waiting.note(token, this.settled.length, (label) => Object.hasOwn(this.#links, label))
      this.settled.push(token)
    }
    return true
  }

  /** Settles a block beyond the budget, in pieces: one that grows without end would be laid out anew with every word. */
  #settlePlain(from: number): boolean {
    const fence = findFence(this.#tail)
    const piece = fence ? PARSE_LIMITS.blockLength : PARSE_LIMITS.plainPiece
    // What is looked at does not depend on how much has come, so that any split settles the same pieces.
    const known = this.#tail.slice(0, piece * 2)
    const lines = this.#ended ? known : completeLines(known)
    const stop = fence ? (fenceEnd(lines, fence)?.end ?? null) : endOfPlain(lines, from)
    if (stop !== null && stop <= piece) this.#settlePiece(stop)
    else if (this.#tail.length >= piece * 2) {
      const end = endOfPiece(known, piece)
      this.#settlePiece(end)
      if (fence) this.#tail = known.slice(0, known.indexOf('\n') + 1) + this.#tail
      else this.#plainFrom = Math.max(0, from - end)
    } else if (stop !== null || this.#ended) this.#settlePiece(stop ?? lines.length)
    else return false
    return true
  }

  #settlePiece(length: number): void {
    this.settled.push(this.#plain(this.#tail.slice(0, length)))
    this.#cut(length)
    this.#plainFrom = null
  }

  #cut(length: number): void {
    this.#tail = this.#tail.slice(length)
    this.#parts = null
  }

  /** A fence too long for the lexer is still code: it needs no lexing. */
  #plain(text: string): Token {
    const fence = findFence(text)
    if (!fence) return plainToken(text)
    const body = text.slice(text.indexOf('\n') + 1, fenceEnd(text, fence)?.start ?? text.length)
    return { type: 'code', raw: text, lang: fence.info, text: body.replace(/\n$/, '') }
  }

  /** Takes new definitions in; settled blocks that named them before they were known are to be completed. */
  #learn(links: Links): void {
    if (links === this.#links) return
    for (const [label, link] of Object.entries(links)) {
      if (Object.hasOwn(this.#links, label)) continue
      this.#links[label] = link
      for (const index of this.#waiting.take(label)) this.#incomplete.add(index)
    }
  }
}

const completeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1)

function firstTooDeep(text: string): number | null {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end < 0 ? undefined : end)
    if (nestingOf(line) > PARSE_LIMITS.nesting) return start
    if (end < 0) return null
    start = end + 1
  }
  return null
}

/** Where text beyond the budget ends: with the first blank line. */
function endOfPlain(text: string, from: number): number | null {
  BLANK_LINE.lastIndex = Math.max(0, from - 1)
  const match = BLANK_LINE.exec(text)
  return match ? match.index + match[0].length : null
}

/** Behind the last line, or else the last word, of the first `length` units. */
function endOfPiece(text: string, length: number): number {
  const piece = text.slice(0, length)
  const end = piece.lastIndexOf('\n') + 1 || piece.lastIndexOf(' ') + 1
  if (end > length / 2) return end
  // Never between the two halves of a letter.
  return /[\uD800-\uDBFF]$/.test(piece) ? length - 1 : length
}
