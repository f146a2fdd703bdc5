import { highlight } from '../markdown/extras/highlight.js'
import { highlightStyles } from '../markdown/extras/highlight.styles.js'

/**
 * Gives the code of one answer its colours: what is finished while the rest is still being written, one piece after the other with
 * a pause behind each.
 */
export class CodeColours {
  readonly #root: ShadowRoot
  readonly #seen = new WeakSet<Element>()
  #work: Promise<void> = Promise.resolve()

  constructor(root: ShadowRoot) {
    this.#root = root
  }

  /** @param isWhole no more text will come: else the last piece of code may still grow */
  look(content: Element, isWhole: boolean): void {
    const figures = content.getElementsByClassName('code')
    const count = figures.length - (isWhole ? 0 : 1)
    for (let index = 0; index < count; index += 1) {
      const figure = figures[index]
      if (!figure || this.#seen.has(figure)) continue
      this.#seen.add(figure)
      this.#work = this.#work.then(() => this.#colour(figure)).catch(() => undefined)
    }
  }

  async #colour(figure: Element): Promise<void> {
    const code = figure.querySelector('code')
    const language = figure.querySelector('figcaption span')?.textContent ?? ''
    if (!code || language === '') return
    const { styleSheet } = highlightStyles
    const { adoptedStyleSheets } = this.#root
    if (styleSheet && !adoptedStyleSheets.includes(styleSheet)) adoptedStyleSheets.push(styleSheet)
    await highlight(code, language)
    await new Promise((done) => setTimeout(done, 0))
  }
}
