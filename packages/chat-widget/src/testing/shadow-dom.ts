import type { ViewElement } from '../rendering/view-element.js'

/** Kept, because tests replace the page's own. */
const realTimeout = setTimeout

/** The first match in `root` or in any shadow tree below it. */
export const deepQuery = (root: Element, selector: string): HTMLElement | null =>
  deepQueryAll(root, selector)[0] ?? null

export function deepQueryAll<E extends Element = HTMLElement>(root: Element, selector: string): E[] {
  return trees(root).flatMap((tree) => [...tree.querySelectorAll<E>(selector)])
}

/** All text below `root`, shadow trees included, styles not. */
export const deepText = (root: Element): string =>
  trees(root)
    .map((tree) => tree.textContent ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')

/** `root` and every shadow tree below it. */
function trees(root: Element | ShadowRoot): (Element | ShadowRoot)[] {
  const hosts = [root, ...root.querySelectorAll('*')].filter((node) => node instanceof Element)
  return [root, ...hosts.flatMap(({ shadowRoot }) => (shadowRoot ? trees(shadowRoot) : []))]
}

/** Waits until `element` and every element in its shadow trees has rendered what it was given. */
export async function settled(element: ViewElement): Promise<void> {
  // Each round lets one more level of parts see what the level above it gave down.
  for (let level = 0; level < 6; level += 1) {
    await element.updateComplete
    await new Promise((done) => realTimeout(done, 0))
  }
}

export const nextFrame = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => done()))

/** What has the focus, however deep it is. */
export function deepFocus(): Element | null {
  let focus = document.activeElement
  while (focus?.shadowRoot?.activeElement) focus = focus.shadowRoot.activeElement
  return focus
}

/** Where the letter at `index` of the first text in `element` is drawn; from the end for a negative one. */
export function letterBox(element: Element, index: number): DOMRect {
  const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode()
  if (!(text instanceof Text)) throw new Error('no text')
  const at = index < 0 ? text.length + index : index
  const letter = document.createRange()
  letter.setStart(text, at)
  letter.setEnd(text, at + 1)
  return letter.getBoundingClientRect()
}
