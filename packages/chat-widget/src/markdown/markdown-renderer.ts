import type { Token } from 'marked'
import { BlockStream } from './block-stream.js'
import { patchSections } from './sections.js'
import type { RenderContext } from './render-context.js'

/**
 * Shows one answer in `container`, piece by piece. The only door from model text to nodes. Cheap to call with every
 * state of a growing text: what is settled keeps its nodes.
 */
export class MarkdownRenderer {
  readonly #container: Element
  readonly #context: RenderContext
  #stream: BlockStream
  #text = ''
  #ended = false
  #shown: Token[] = []
  /** Settled blocks that the container already shows in their last form. */
  #shownSettled = 0

  constructor(container: Element, context: RenderContext) {
    this.#container = container
    this.#context = context
    this.#stream = this.#newStream()
  }

  /**
   * @param text the whole text so far; when it does not continue what was shown, everything is shown anew.
   * @param done no more text will come.
   */
  render(text: string, done: boolean): void {
    if (!text.startsWith(this.#text) || (this.#ended && (!done || text !== this.#text))) this.#reset()
    if (text.length > this.#text.length) this.#stream.append(text.slice(this.#text.length))
    this.#text = text
    if (done && !this.#ended) this.#stream.end()
    this.#ended = done
    this.#show()
  }

  #show(): void {
    const { settled } = this.#stream
    const next = [...settled, ...this.#stream.readOpen()]
    // A late definition replaces settled tokens: those are looked at again, all others are not.
    const firstChanged = this.#firstChanged(settled)
    patchSections(this.#container, { before: this.#shown, after: next, from: firstChanged }, this.#context)
    this.#shown = next
    this.#shownSettled = settled.length
  }

  #firstChanged(settled: readonly Token[]): number {
    for (let index = 0; index < this.#shownSettled; index += 1) {
      if (settled[index] !== this.#shown[index]) return index
    }
    return this.#shownSettled
  }

  #reset(): void {
    this.#stream = this.#newStream()
    this.#container.replaceChildren()
    this.#text = ''
    this.#ended = false
    this.#shown = []
    this.#shownSettled = 0
  }

  #newStream(): BlockStream {
    const { html, math } = this.#context
    return new BlockStream({ html: html !== null, math: math?.syntax ?? null })
  }
}
