import type { Token } from 'marked'

/** Text in brackets that hold no others, which is all that can name a definition. */
const REFERENCE = /\[((?:\\[^]|[^[\]\\])+)\]/g
/** Marks of quotes stand between the words of a label, too. */
const CONTINUED_LINE = /\n[ \t>]*/g

/**
 * Which blocks name a definition that nobody has seen yet. It stands instead of a search through the whole answer: models put their
 * definitions at its end, a thousand of them one by one.
 */
export class WaitingReferences {
  readonly #blocks = new Map<string, number[]>()

  /**
   * Remembers what the block at `index` names; call it with rising indices.
   * @param isKnown whether a label has its definition
   */
  note({ type, raw }: Token, index: number, isKnown: (label: string) => boolean): void {
    // Code and text beyond the budget have no links.
    if (type === 'code' || type === 'plain' || !raw.includes('[')) return
    for (const [, words = ''] of raw.replace(CONTINUED_LINE, ' ').matchAll(REFERENCE)) {
      const label = normalized(words)
      if (isKnown(label)) continue
      const blocks = this.#blocks.get(label)
      if (!blocks) this.#blocks.set(label, [index])
      else if (blocks.at(-1) !== index) blocks.push(index)
    }
  }

  /** The blocks that name `label`. They do not wait for it any more. */
  take(label: string): readonly number[] {
    const blocks = this.#blocks.get(label) ?? []
    this.#blocks.delete(label)
    return blocks
  }
}

/** Labels are compared without regard to case and blanks, as the lexer does. */
const normalized = (label: string): string =>
  label.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase().toLowerCase()
