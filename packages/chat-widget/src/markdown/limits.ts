/**
 * The parse budget. It stands before the lexer, because the lexer is recursive and in places quadratic: text made
 * to hurt it must not hang or break the page. What is beyond the budget is shown as plain text, never dropped.
 */
export const PARSE_LIMITS = {
  /** Levels of quotes and lists inside each other. */
  nesting: 32,
  /** Emphasis runs that are open at the same time in one paragraph. */
  openEmphasis: 200,
  /** Emphasis marks and brackets of one paragraph, in all. */
  marks: 10_000,
  /** Words longer than this may hold only so many marks. */
  tangledWordLength: 2_000,
  marksInLongWord: 100,
  /** UTF-16 code units of one block. */
  blockLength: 64 * 1024,
  /** UTF-16 code units that are laid out together of text beyond the budget. */
  plainPiece: 16 * 1024,
  /** UTF-16 code units of a paragraph that are lexed together at least, where it is longer, and at most where a mark in them is open. */
  piece: 2_000,
  pieceWithOpenMarks: 8_000,
  /** Cells of one table. */
  tableCells: 10_000,
  /** Link definitions of one answer. */
  definitions: 1_000,
} as const

const BLOCK_MARKER = />|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)/g
const LINE_PREFIX = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)))+/

/** How deep one line asks to be nested: its markers, and two columns of indentation a level before them. */
export function nestingOf(line: string): number {
  const prefix = LINE_PREFIX.exec(line)?.[0]
  if (prefix === undefined) return 0
  const markers = prefix.match(BLOCK_MARKER)?.length ?? 0
  const indentation = prefix.length - prefix.trimStart().length
  return markers + Math.floor(indentation / 2)
}

/** True when the inline text of one paragraph, cell or heading may go to the inline lexer. */
export function withinInlineBudget(text: string): boolean {
  return (
    (text.match(/[*_~[\]]/g)?.length ?? 0) <= PARSE_LIMITS.marks &&
    !hasLongRepeat(text) &&
    !hasTangledWord(text) &&
    maxOpenEmphasis(text) <= PARSE_LIMITS.openEmphasis
  )
}

/** The same mark or blank, over and over: more than 500 of them. Markdown has ASCII marks alone, nothing else is looked behind. */
const LONG_REPEAT = /([!-/:-@[-`{-~\s])\1{500}/

const hasLongRepeat = (text: string): boolean => LONG_REPEAT.test(text)

/** A word without blanks is scanned to its end at every mark in it, for the @ that would make it an address. */
function hasTangledWord(text: string): boolean {
  if (text.length <= PARSE_LIMITS.tangledWordLength) return false
  return text
    .split(/\s+/)
    .some(
      (word) =>
        word.length > PARSE_LIMITS.tangledWordLength &&
        (word.match(/[!*_~`[\]<\\:&]/g)?.length ?? 0) > PARSE_LIMITS.marksInLongWord,
    )
}

const RUN = /[*_~]+/g
const BLANK = /\s/

/** An upper estimate of how many emphasis runs wait for their end at the worst place of `text`. */
function maxOpenEmphasis(text: string): number {
  const open: Record<string, number> = {}
  let total = 0
  let worst = 0
  for (const match of text.matchAll(RUN)) {
    const run = match[0]
    const before = text[match.index - 1] ?? ' '
    const after = text[match.index + run.length] ?? ' '
    if (!BLANK.test(before) && (open[run] ?? 0) > 0) {
      open[run] = (open[run] ?? 0) - 1
      total -= 1
    } else if (!BLANK.test(after)) {
      open[run] = (open[run] ?? 0) + 1
      total += 1
    }
    worst = Math.max(worst, total)
  }
  return worst
}
