import type { MarkdownStrings, MathExtra, MathToken } from '../../render-context.js'
import { mathSyntax } from './math-syntax.js'

type Nodes = (tex: string, display: boolean) => Element

/** Of formulas that waited for the library, so many are shown at once. */
const BATCH = 8

let nodes: Nodes | null = null

/** Shows the formulas of one answer. The library that reads TeX is fetched with the first one. */
export class Formulas implements MathExtra {
  readonly syntax = mathSyntax
  readonly #waiting: (() => void)[] = []
  readonly #onGrow: () => void

  /** @param onGrow formulas that waited for the library are shown now */
  constructor(onGrow: () => void) {
    this.#onGrow = onGrow
  }

  build(token: MathToken, strings: MarkdownStrings): HTMLElement {
    const place = document.createElement('span')
    place.className = token.display ? 'math display' : 'math'
    if (token.display) makeReachable(place, strings)
    if (nodes) show(place, token, nodes)
    else this.#wait(place, token)
    return place
  }

  /** Nobody sees TeX that becomes a formula in a moment. Where the library does not come, it is shown as it is. */
  #wait(place: HTMLElement, token: MathToken): void {
    place.textContent = token.raw
    place.classList.add('waiting')
    this.#waiting.push(() => {
      place.classList.remove('waiting')
      if (nodes) show(place, token, nodes)
    })
    if (this.#waiting.length === 1) void this.#load()
  }

  async #load(): Promise<void> {
    const loaded = await import('./math-nodes.js').catch(() => null)
    nodes = loaded?.mathNodes ?? null
    while (this.#waiting.length > 0) {
      for (const shown of this.#waiting.splice(0, BATCH)) shown()
      this.#onGrow()
      await new Promise((done) => setTimeout(done, 0))
    }
  }
}

/** A long one scrolls: keys must reach it, and a screen reader name what they reach. */
function makeReachable(place: HTMLElement, strings: MarkdownStrings): void {
  place.tabIndex = 0
  place.setAttribute('role', 'group')
  place.setAttribute('aria-label', strings.formula)
}

/** What is no TeX stays what was written. */
function show(place: HTMLElement, { raw, text, display }: MathToken, make: Nodes): void {
  try {
    place.replaceChildren(make(text, display))
  } catch {
    place.textContent = raw
  }
}
