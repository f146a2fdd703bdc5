const OPEN = '<think>'
const CLOSE = '</think>'

/** Text told apart; either may be empty. The reasoning comes before the text. */
export interface ToldApart {
  readonly reasoning: string
  readonly text: string
}

/**
 * Tells reasoning from text for models that write it into their answer, as `<think>…</think>` at its very beginning.
 * Anywhere else the tag is text like any other. Tags may be cut anywhere.
 */
export class ThinkTags {
  #place: 'before' | 'inside' | 'gap' | 'after' = 'before'
  /** What cannot be judged before more has come: white space, or the beginning of a tag. */
  #held = ''

  /** What is still to come is text, whatever it is. */
  get areOver(): boolean {
    return this.#place === 'after'
  }

  push(piece: string): ToldApart {
    if (this.#place === 'after') return { reasoning: '', text: piece }
    const text = this.#held + piece
    this.#held = ''
    if (this.#place === 'before') return this.#open(text)
    return this.#place === 'inside' ? this.#close(text) : this.#skipGap(text)
  }

  /** What is still held when nothing more comes. */
  end(): ToldApart {
    const held = this.#held
    this.#held = ''
    return this.#place === 'inside' ? { reasoning: held, text: '' } : { reasoning: '', text: held }
  }

  #open(text: string): ToldApart {
    const start = text.trimStart()
    if (start.startsWith(OPEN)) {
      this.#place = 'inside'
      return this.#close(start.slice(OPEN.length))
    }
    if (OPEN.startsWith(start)) return this.#hold(text)
    this.#place = 'after'
    return { reasoning: '', text }
  }

  #close(text: string): ToldApart {
    const end = text.indexOf(CLOSE)
    if (end >= 0) {
      this.#place = 'gap'
      return { reasoning: text.slice(0, end), text: this.#skipGap(text.slice(end + CLOSE.length)).text }
    }
    const sure = text.length - tagBegunAtEnd(text)
    this.#held = text.slice(sure)
    return { reasoning: text.slice(0, sure), text: '' }
  }

  /** The blank lines between the tag and the answer belong to neither. */
  #skipGap(text: string): ToldApart {
    const rest = text.trimStart()
    if (rest !== '') this.#place = 'after'
    return { reasoning: '', text: rest }
  }

  #hold(text: string): ToldApart {
    this.#held = text
    return { reasoning: '', text: '' }
  }
}

/** How many characters at the end may be the beginning of the closing tag. */
function tagBegunAtEnd(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--)
    if (text.endsWith(CLOSE.slice(0, length))) return length
  return 0
}
