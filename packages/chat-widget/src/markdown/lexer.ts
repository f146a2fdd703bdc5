import { Lexer, Tokenizer, type Links, type Token, type Tokens } from 'marked'
import type { FinishedParts } from './finished-parts.js'
import type { MathSyntax } from './render-context.js'
import { PARSE_LIMITS, withinInlineBudget } from './limits.js'

/** What `lex` gives back: the block tokens and the link definitions found among them. */
export interface Lexed {
  readonly tokens: Token[]
  readonly links: Links
}

/** What an answer may hold beside Markdown. */
export interface AnswerSyntax {
  /** Lets tags become `html` tokens; without it they are ordinary text. */
  readonly html: boolean
  /** Lets formulas become `math` tokens. */
  readonly math: MathSyntax | null
}

export interface LexOptions extends AnswerSyntax {
  /** Definitions known from other blocks. Never changed; the very same come back where `source` holds none. */
  readonly links: Links
  /** What need not be lexed again. */
  readonly finished: FinishedParts
}

const BLANKS = /^[^\S\n]*/
/** Ends a paragraph, which marked's rule for headings does not know. */
const TABBED_ITEM = /\n {0,3}(?:[-*+]|\d{1,9}[.)])\t/
/** From a line of text on, those that begin with a letter, as does the next one. */
const PLAIN_LINES = /^[^\n]+(?:\n {0,3}\p{L}[^\n]*(?=\n {0,3}\p{L}))+/u
const LINE_BREAK_TAG = /^<br\s*\/?>/i
/** Ends every line that makes a heading of those above it, in whatever it stands. */
const UNDERLINE = /[=-][ \t]*$/m

/** Wider tables have a budget of cells, which is counted from their first row on. */
const MOST_COLUMNS = 64

/** marked's own rules, minus what a model must not do and what makes streaming ambiguous. */
class AnswerTokenizer extends Tokenizer {
  constructor(private readonly answer: LexOptions) {
    super()
  }

  override list(src: string): Tokens.List | undefined {
    return this.answer.finished.block(src, (source) => {
      const list = super.list(source)
      // marked takes whatever is blank from its end: a wide blank would begin another block.
      if (list) list.raw += BLANKS.exec(source.slice(list.raw.length))?.[0] ?? ''
      return list
    })
  }

  /** Only where all of it would be one paragraph without the line below: else that line changes what is final. */
  override lheading(src: string): Tokens.Heading | undefined {
    const heading = super.lheading(src)
    if (heading && (TABBED_ITEM.test(heading.raw) || this.answer.math?.hasBlockIn(heading.raw)))
      return undefined
    return heading
  }

  /** Lines that can only be text, at once: marked asks of each what else it might be, and copies all of those before it. */
  override text(src: string): Tokens.Text | undefined {
    const lines = PLAIN_LINES.exec(src)?.[0]
    if (lines === undefined) return super.text(src)
    return { type: 'text', raw: lines, text: lines, tokens: this.lexer.inline(lines) }
  }

  override html(src: string): Tokens.HTML | undefined {
    return this.answer.html ? super.html(src) : undefined
  }

  /** Models write `<br>` in table cells, where Markdown has no line break; it is harmless, so it is one. */
  override tag(src: string): Tokens.Tag | undefined {
    const lineBreak = LINE_BREAK_TAG.exec(src)
    if (lineBreak) return { type: 'br', raw: lineBreak[0] } as unknown as Tokens.Tag // the lexer only pushes it
    return this.answer.html ? super.tag(src) : undefined
  }

  /** One line only: a title may else begin on any later line, and no block before it would ever be final. */
  override def(src: string): Tokens.Def | undefined {
    const end = src.indexOf('\n')
    return super.def(end < 0 ? src : src.slice(0, end + 1))
  }

  override table(src: string): Tokens.Table | undefined {
    const header = src.slice(0, src.indexOf('\n') + 1)
    const columns = header.split('|').length
    if (columns <= MOST_COLUMNS) return this.answer.finished.block(src, (source) => super.table(source))
    const lines = src.split('\n', PARSE_LIMITS.tableCells).length
    return columns * (lines + 1) > PARSE_LIMITS.tableCells ? undefined : super.table(src)
  }
}

/** Lexes `source` completely. Never throws: what the lexer cannot take comes back as one plain paragraph. */
export function lex(source: string, options: LexOptions): Lexed {
  try {
    return lexWithBudget(source, options)
  } catch {
    return { tokens: [plainToken(source)], links: {} }
  }
}

function lexWithBudget(source: string, options: LexOptions): Lexed {
  const fresh = source.slice(options.finished.at(source).length)
  const lexer = newLexer(fresh, options)
  // Copied only where there may be another one: of thousands, the copy costs more than the lexing of a paragraph.
  const mayDefine = fresh.includes(']:')
  lexer.tokens.links = mayDefine ? { ...options.links } : options.links
  lexer.blockTokens(source, lexer.tokens)
  if (mayDefine && !forgetSurplus(lexer.tokens.links, options.links)) lexer.tokens.links = options.links
  for (const { src, tokens } of lexer.inlineQueue) {
    const isOpen = tokens === lexer.inlineQueue.at(-1)?.tokens
    // Whether a text ends with its line's end depends on how much of the answer there was to look ahead at.
    lexer.state.inRawBlock = false
    tokens.push(...lexInline(lexer, src.replace(/\n+$/, ''), isOpen, options.finished.pieces))
  }
  return { tokens: [...lexer.tokens], links: lexer.tokens.links }
}

/**
 * Takes out what is more than an answer may define: which ones are known must not depend on how much of it came at once.
 * @returns false where the source has none beside those that are known
 */
function forgetSurplus(links: Links, known: Links): boolean {
  const fresh = Object.keys(links).filter((label) => !Object.hasOwn(known, label))
  const room = PARSE_LIMITS.definitions - Object.keys(known).length
  for (const label of fresh.slice(room)) Reflect.deleteProperty(links, label)
  return fresh.length > 0
}

type Pieces = Map<string, readonly Token[]>

/**
 * Long text is lexed piece by piece: each ends before the first blank behind so many units where no mark waits for its end, or at
 * which one has waited for too long. What a piece is depends on nothing behind it.
 *
 * @param isOpen more of it may come: its end is not remembered
 */
function lexInline(lexer: Lexer, src: string, isOpen: boolean, pieces: Pieces): readonly Token[] {
  const all: Token[] = []
  let rest = src
  for (let length: number = PARSE_LIMITS.piece; rest.length > length; length += PARSE_LIMITS.piece) {
    const end = rest.slice(length).search(/(?<!\s)\s/)
    if (end < 0) break
    const tokens = lexPiece(lexer, rest.slice(0, length + end), pieces)
    if (length < PARSE_LIMITS.pieceWithOpenMarks && tokens.some(mayWait)) continue
    all.push(...tokens)
    rest = rest.slice(length + end)
    length = 0
  }
  return [...all, ...lexPiece(lexer, rest, isOpen ? null : pieces)]
}

/** Marks in what is text so far: their end may come. */
const mayWait = ({ type, raw }: Token): boolean =>
  (type === 'text' && /[*_~`[<$\\]/.test(raw)) || type === 'html'

function lexPiece(lexer: Lexer, src: string, known: Pieces | null): readonly Token[] {
  const tokens = known?.get(src) ?? lexText(lexer, src)
  known?.set(src, tokens)
  return tokens
}

function lexText(lexer: Lexer, src: string): readonly Token[] {
  if (withinInlineBudget(src)) {
    try {
      return lexer.inlineTokens(src)
    } catch {
      // Below.
    }
  }
  return [{ type: 'escape', raw: src, text: src } satisfies Tokens.Escape]
}

function newLexer(source: string, options: LexOptions): Lexer {
  const tokenizer = new AnswerTokenizer(options)
  // marked's rule reads on to the end of an item from each of its lines: the square of its length, 70 ms for 64 kB.
  if (!UNDERLINE.test(source)) tokenizer.lheading = () => undefined
  return new Lexer({ gfm: true, breaks: true, tokenizer, ...options.math?.options })
}

/** Text beyond the budget, as a token of our own. */
export interface PlainToken {
  readonly type: 'plain'
  readonly raw: string
  readonly text: string
}

export const plainToken = (source: string): PlainToken => ({ type: 'plain', raw: source, text: source })

/** Tokens that make a node; the others are blank lines and link definitions. */
export const visibleBlocks = (tokens: readonly Token[]): Token[] =>
  tokens.filter(({ type }) => type !== 'space' && type !== 'def')
