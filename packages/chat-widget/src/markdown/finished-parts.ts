import type { Token, Tokens } from 'marked'

/** A list or a table: its items or rows may be finished while it is still open. */
interface Parted {
  readonly raw: string
  readonly loose?: boolean
  readonly items?: readonly Tokens.ListItem[]
  readonly rows?: readonly unknown[]
}

/** The parts of an open block that no later text can change. */
interface Parts {
  readonly block: Parted
  readonly count: number
  /** Their source, in UTF-16 code units from the beginning of the block. */
  readonly length: number
  /** What a block begins with that has these parts: they, and of a list the line by which the next item begins. */
  readonly source: string
  /** Stands in their place when the rest is lexed: an item as close to the next one as these are, or the head of the table. */
  readonly opening: string
}

/**
 * The finished items of open lists, rows of open tables and pieces of open paragraphs, in whatever they stand. They are not lexed again: a
 * list is one block however long it is, and each word would else cost as much as all of it. They are known by their source alone,
 * so that what is lexed does not depend on what is known.
 */
export class FinishedParts {
  /** Words by their source: of long paragraphs in pieces, of all others whole, but for what is still open. */
  readonly pieces = new Map<string, readonly Token[]>()
  #known: readonly Parts[] = []

  /** Takes in what is finished in the last of `tokens`, and in what is open within it; it stands in place of what was known. */
  note(tokens: readonly Token[]): void {
    this.#known = partsWithin(tokens)
  }

  /** Another block begins, or links have other targets now. */
  forget(): void {
    this.#known = []
    this.pieces.clear()
  }

  /** The block that `source` begins with, if it is one for `lexing`; what is finished of it is taken as it is. */
  block<B extends Parted>(source: string, lexing: (source: string) => B | undefined): B | undefined {
    const parts = this.#partsAt(source)
    const rest = parts && lexing(parts.opening + source.slice(parts.length))
    // With a blank line between two items, all of them stand apart.
    return rest && rest.loose === parts.block.loose ? joined(parts, rest, source) : lexing(source)
  }

  /** What is finished of the block that `source` begins with. */
  at(source: string): Pick<Parts, 'length' | 'opening'> {
    return this.#partsAt(source) ?? NOTHING
  }

  #partsAt(source: string): Parts | undefined {
    // Twenty times as fast as `startsWith`.
    return this.#known.find((parts) => source.slice(0, parts.source.length) === parts.source)
  }
}

const NOTHING = { length: 0, opening: '' }

/** Of the last list, table or quote of `tokens`, and of what is open within that. */
function partsWithin(tokens: readonly Token[]): readonly Parts[] {
  // Of these three, a list has items, and a quote has tokens.
  const open = tokens.findLast(({ type }) => /list|table|quote/.test(type)) as
    (Parted & { readonly tokens?: readonly Token[] }) | undefined
  if (!open) return []
  const within = partsWithin(open.items?.at(-1)?.tokens ?? open.tokens ?? [])
  const parts = open.items ? itemsOf(open, open.items) : open.rows && rowsOf(open, open.rows)
  return parts ? [parts, ...within] : within
}

function itemsOf(block: Parted, items: readonly Tokens.ListItem[]): Parts | null {
  // Of the last item the mark may be half there, which is how the one before it ends.
  const count = items.length - 2
  const next = items[count]
  const marker = /^ *(\S+)[ \t]+\S/.exec(block.raw)?.[1]
  if (count < 1 || !next || !marker) return null
  const length = items.slice(0, count).reduce((sum, { raw }) => sum + raw.length, 0)
  const source = block.raw.slice(0, length + next.raw.indexOf('\n') + 1)
  // So far in that whatever is a mark of this list begins the next item.
  return { block, count, length, source, opening: `${marker}    x\n${block.loose ? '\n' : ''}` }
}

function rowsOf(block: Parted, rows: readonly unknown[]): Parts | null {
  const count = rows.length - 2
  if (count < 1) return null
  const lines = (most: number): string => `${block.raw.split('\n', most).join('\n')}\n`
  const source = lines(count + 2)
  return { block, count, length: source.length, source, opening: lines(2) }
}

/** The parts and, behind what stood in their place, those of `rest`. */
function joined<B extends Parted>({ block, count, length, opening }: Parts, rest: B, source: string): B {
  const raw = source.slice(0, length) + rest.raw.slice(opening.length)
  if (block.items)
    return { ...rest, raw, items: [...block.items.slice(0, count), ...(rest.items ?? []).slice(1)] }
  return { ...rest, raw, rows: [...(block.rows ?? []).slice(0, count), ...(rest.rows ?? [])] }
}
