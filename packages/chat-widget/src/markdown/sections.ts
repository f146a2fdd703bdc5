import type { Token } from 'marked'
import { patchBlocks } from './patch.js'
import type { RenderContext } from './render-context.js'

/**
 * Blocks of one section. Each section is painted by itself: a word added to the last one leaves what was painted of all others
 * as it is. Measured at 500 tokens a second, painting took 300 ms of a six-second answer with 24 blocks, 199 with 8, 153 with 4.
 */
const BLOCKS = 4

/** Sections of one group. A browser looks at all the children of what it lays out and paints anew: 3 µs for each, however small. */
const SECTIONS = 64

/**
 * The blocks of one answer in sections of equal size, and these in groups, each a `div`: the n-th block is always in the same place. What
 * a change costs depends on what changes, and next to nothing on how long the answer is.
 */
export class Sections {
  readonly #container: Element
  readonly #context: RenderContext
  readonly #groups: Element[] = []
  readonly #elements: Element[] = []
  /** What is shown, in order. */
  readonly #tokens: Token[] = []

  constructor(container: Element, context: RenderContext) {
    this.#container = container
    this.#context = context
  }

  /** Shows `tokens` from place `from` on, and nothing behind them; what is shown before stays. */
  show(from: number, tokens: readonly Token[]): void {
    const end = from + tokens.length
    const count = Math.ceil(end / BLOCKS)
    for (let index = Math.floor(from / BLOCKS); index < count; index += 1) {
      const start = index * BLOCKS
      const kept = this.#tokens.slice(start, Math.max(start, from))
      const fresh = tokens.slice(Math.max(0, start - from), start + BLOCKS - from)
      this.#patch(index, [...kept, ...fresh], kept.length)
    }
    while (this.#elements.length > count) this.#elements.pop()?.remove()
    while (this.#groups.length > Math.ceil(count / SECTIONS)) this.#groups.pop()?.remove()
    this.#tokens.length = Math.min(this.#tokens.length, end)
  }

  /** Shows another token in place of the one at `place`. */
  replace(place: number, token: Token): void {
    const index = Math.floor(place / BLOCKS)
    const start = index * BLOCKS
    const after = this.#tokens.slice(start, start + BLOCKS)
    after[place - start] = token
    this.#patch(index, after, place - start)
  }

  #patch(index: number, after: readonly Token[], from: number): void {
    const start = index * BLOCKS
    const section = (this.#elements[index] ??= appendSection(this.#groupOf(index)))
    patchBlocks(section, { before: this.#tokens.slice(start, start + BLOCKS), after, from }, this.#context)
    after.forEach((token, at) => (this.#tokens[start + at] = token))
  }

  #groupOf(index: number): Element {
    return (this.#groups[Math.floor(index / SECTIONS)] ??= appendSection(this.#container))
  }
}

function appendSection(parent: Element): Element {
  const section = parent.appendChild(document.createElement('div'))
  section.className = 'section'
  return section
}
