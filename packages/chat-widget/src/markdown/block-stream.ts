import type { Links, Token } from 'marked'
import { findFence, fenceEnd } from './fence.js'
import { FinishedParts } from './finished-parts.js'
import { isLevelled, lastLevel, withLevels } from './heading-levels.js'
import { lex, plainToken, visibleBlocks, type AnswerSyntax, type Lexed, type LexOptions } from './lexer.js'
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
  readonly #links: Links = {}
  readonly #finished = new FinishedParts()
  readonly #options: LexOptions
  readonly #waiting = new WaitingReferences()
  /** Indices of settled blocks that name a definition which came after them. */
  readonly #incomplete = new Set<number>()
  #tail = ''
  /** The complete lines of the tail, as they were lexed last. */
  #lines: (Lexed & { readonly text: string }) | null = null
  /** Set when the open block broke the budget: from which offset of the tail its end may be looked for. */
  #plainFrom: number | null = null
  /** Level of the last settled heading. */
  #level = 0
  #heldReturn = false
  #ended = false

  constructor(syntax: AnswerSyntax) {
    this.#options = { ...syntax, links: this.#links, finished: this.#finished }
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
    const text = this.#mended()
    const { tokens } = text === this.#lines?.text ? this.#lines : this.#lex(text)
    return withLevels(visibleBlocks(tokens), this.#level)
  }

  /** The tail as it may be shown; what is finished of it needs no mending. */
  #mended(): string {
    const { length, opening } = this.#finished.at(this.#tail)
    const rest = mend(opening + this.#tail.slice(length), this.#options)
    return this.#tail.slice(0, length) + rest.slice(opening.length)
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
    const lexed = lex(text, this.#options)
    if (lexed.links === this.#links) return lexed
    // What is finished may name what is defined here, and that is not certain yet.
    this.#finished.forget()
    const again = lex(text, this.#options)
    this.#finished.forget()
    return again
  }

  #settleAll(): void {
    while (this.#tail !== '' && this.#settleSome()) continue
  }

  /** Settles what can be settled in one pass; false when nothing more can be done without more text. */
  #settleSome(): boolean {
    if (this.#plainFrom !== null) return this.#settlePlain(this.#plainFrom)
    const breach = this.#breach()
    const isAll = this.#ended && breach === null
    const text = isAll ? this.#tail : completeLines(this.#tail.slice(0, breach ?? undefined))
    if (this.#settle(text, isAll)) return true
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

  /** Settles the blocks that `text` begins with, if any: those that no later text can change, or all. */
  #settle(text: string, isAll: boolean): boolean {
    const openMath = isAll ? null : this.#options.math?.openBlockAt(text)
    const length = openMath ?? text.length
    const certain = text.slice(0, length)
    if (!isAll && (!certain.includes('\n') || fenceEnd(certain, findFence(certain)) === null)) return false
    // The rest is lexed with them, because the lexer looks ahead.
    if (text !== this.#lines?.text) this.#lines = { text, ...this.#lex(text) }
    const { tokens, links } = this.#lines
    const inside = isAll ? tokens : finalBlocks(tokens, length)
    const isOpen = inside.length === 0
    // Whole lines alone tell what is finished: of any other it is not known whether it is an item, or a rule that ends the list.
    if (isOpen && length === text.length && links === this.#links) this.#finished.note(tokens)
    if (isOpen) return false
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
    this.#lines = null
    this.#finished.forget()
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

/** All but the last one of those that begin within the first `length` units. */
function finalBlocks(tokens: readonly Token[], length: number): readonly Token[] {
  let offset = 0
  let count = 0
  for (const [index, { type, raw }] of tokens.entries()) {
    if (offset >= length) break
    // A blank line ends these for good; after a list it may go on.
    if (type !== 'space' || /paragraph|heading/.test(tokens[index - 1]?.type ?? '')) count = index
    offset += raw.length
  }
  return tokens.slice(0, count)
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
