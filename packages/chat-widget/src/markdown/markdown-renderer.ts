import { BlockStream } from './block-stream.js'
import { Sections } from './sections.js'
import type { RenderContext } from './render-context.js'

/** Of blocks whose links are known only now, so much is completed at a time, in UTF-16 code units. */
const SLICE = 1_000

/**
 * Shows one answer in `container`, piece by piece. The only door from model text to nodes. Cheap to call with every
 * state of a growing text: what is settled keeps its nodes.
 */
export class MarkdownRenderer {
  readonly #container: Element
  readonly #context: RenderContext
  /** Null once all is shown: the tokens of an answer are many times as large as its text, and a page may hold hundreds of answers. */
  #open: OpenAnswer | null
  #text = ''
  #ended = false

  constructor(container: Element, context: RenderContext) {
    this.#container = container
    this.#context = context
    this.#open = this.#newAnswer()
  }

  /**
   * @param text the whole text so far; when it does not continue what was shown, everything is shown anew.
   * @param done no more text will come.
   * @returns as `complete`, which it calls
   */
  render(text: string, done: boolean): boolean {
    if (!this.#goesOnWith(text, done)) this.#reset()
    if (this.#open) show(this.#open, text.slice(this.#text.length), done)
    this.#text = text
    this.#ended = done
    return this.complete()
  }

  /**
   * Completes some of the blocks that name a definition which came after them: a long answer may hold so many that one frame has no
   * time for all.
   * @returns true when there are more: call it again, until there are none
   */
  complete(): boolean {
    if (!this.#open) return false
    const { stream, sections } = this.#open
    for (const index of stream.completeSome(SLICE)) {
      const token = stream.settled[index]
      if (token) sections.replace(index, token)
    }
    if (stream.isIncomplete) return true
    if (this.#ended) this.#open = null
    return false
  }

  #goesOnWith(text: string, done: boolean): boolean {
    return this.#ended ? done && text === this.#text : text.startsWith(this.#text)
  }

  #reset(): void {
    this.#container.replaceChildren()
    this.#open = this.#newAnswer()
    this.#text = ''
    this.#ended = false
  }

  #newAnswer(): OpenAnswer {
    const { html, math } = this.#context
    const stream = new BlockStream({ html: html !== null, math: math?.syntax ?? null })
    return { stream, sections: new Sections(this.#container, this.#context), shownSettled: 0 }
  }
}

/** What it takes to go on with an answer. */
interface OpenAnswer {
  readonly stream: BlockStream
  readonly sections: Sections
  /** Settled blocks that the container already shows. */
  shownSettled: number
}

function show(answer: OpenAnswer, added: string, done: boolean): void {
  const { stream, sections, shownSettled } = answer
  if (added !== '') stream.append(added)
  if (done) stream.end()
  sections.show(shownSettled, [...stream.settled.slice(shownSettled), ...stream.readOpen()])
  answer.shownSettled = stream.settled.length
}
