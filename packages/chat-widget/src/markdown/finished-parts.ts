import type { Token, Tokens } from 'marked'

/**
 * The items of an open list, or the rows of an open table, that no later text can change. They are not lexed again: a list is one block
 * however long it is, and each word would else cost as much as all of it.
 */
export interface FinishedParts {
  /** The open block as it was when they were found. */
  readonly block: Tokens.List | Tokens.Table
  readonly count: number
  /** Their source, in UTF-16 code units from the beginning of the block. */
  readonly length: number
  /** Stands in their place when the rest is lexed: an item as close to the next one as these are, or the head of the table. */
  readonly opening: string
}

/** Wider tables have a budget of cells, which is counted from their first row on. */
const MOST_COLUMNS = 64

/** Every formula begins with one of these. */
const MATH_MARK = /[$\\]/

/**
 * @param first what `source` begins with
 * @param mayHoldMath formulas are looked for: one may hold other marks, and end behind them
 * @returns null where nothing is finished, or the block has no such parts
 */
export function finishedParts(
  first: Token | undefined,
  source: string,
  mayHoldMath: boolean,
): FinishedParts | null {
  const parts = partsOf(first, source)
  return parts && mayHoldMath && MATH_MARK.test(source.slice(0, parts.length)) ? null : parts
}

function partsOf(first: Token | undefined, source: string): FinishedParts | null {
  const block = first as Tokens.List | Tokens.Table | undefined // looked at below
  if (block?.type === 'list') {
    // Of the last item the mark may be half there, which is how the one before it ends.
    const count = block.items.length - 2
    const length = block.items.slice(0, count).reduce((sum, { raw }) => sum + raw.length, 0)
    const marker = source.trim().split(/\s/, 1).join('')
    // So far in that whatever is a mark of this list begins the next item.
    return count > 0 ? { block, count, length, opening: `${marker}    x\n${block.loose ? '\n' : ''}` } : null
  }
  if (block?.type !== 'table' || block.header.length > MOST_COLUMNS) return null
  const count = block.rows.length - 2
  const lines = (most: number): string => `${source.split('\n', most).join('\n')}\n`
  return count > 0 ? { block, count, length: lines(count + 2).length, opening: lines(2) } : null
}

/**
 * Puts the finished parts before the rest of their block.
 *
 * @param tokens of `opening` and what follows the parts in `source`
 * @returns null where the rest changes them after all: with a blank line between two items, all of them stand apart
 */
export function withParts(parts: FinishedParts, tokens: readonly Token[], source: string): Token[] | null {
  const { block, count, length, opening } = parts
  const [first, ...others] = tokens as readonly (Tokens.List | Tokens.Table)[] // looked at below
  const raw = source.slice(0, length) + (first?.raw.slice(opening.length) ?? '')
  if (first?.type === 'list' && block.type === 'list' && first.loose === block.loose)
    return [{ ...first, raw, items: [...block.items.slice(0, count), ...first.items.slice(1)] }, ...others]
  if (first?.type === 'table' && block.type === 'table')
    return [{ ...first, raw, rows: [...block.rows.slice(0, count), ...first.rows] }, ...others]
  return null
}
