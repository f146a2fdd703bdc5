import { mathSyntax } from '../markdown/extras/math/math-syntax.js'
import { MarkdownRenderer } from '../markdown/markdown-renderer.js'
import type { MathExtra, RenderContext } from '../markdown/render-context.js'

const strings = {
  copyCode: 'Copy',
  image: 'Image',
  table: 'Table',
  codeBlock: 'Code',
  formula: 'Formula',
  taskDone: 'Done',
  taskOpen: 'To do',
}

export const plainContext: RenderContext = { imageHosts: new Set(), html: null, math: null, strings }

/** Formulas as they are written: what makes them of TeX is not asked. */
export const math: MathExtra = {
  syntax: mathSyntax,
  build({ raw }) {
    const formula = document.createElement('code')
    formula.textContent = raw
    return formula
  },
}

/** The blocks of `text`, without the sections around them, given in the pieces that `cuts` make of it. */
export function renderPieces(
  text: string,
  cuts: readonly number[] = [],
  context: Partial<RenderContext> = {},
): HTMLElement {
  const container = document.createElement('div')
  const renderer = new MarkdownRenderer(container, { ...plainContext, ...context })
  for (const cut of cuts) renderer.render(text.slice(0, cut), false)
  renderer.render(text, true)
  while (renderer.complete()) continue
  return unwrapped(container)
}

/** The blocks while only the first `length` units have come. */
export function renderOpen(text: string, context: Partial<RenderContext> = {}): HTMLElement {
  const container = document.createElement('div')
  new MarkdownRenderer(container, { ...plainContext, ...context }).render(text, false)
  return unwrapped(container)
}

function unwrapped(container: HTMLElement): HTMLElement {
  container.replaceChildren(...blocksOf(container))
  return container
}

/** The nodes of an answer's blocks, which stand in sections of groups. */
export const blocksOf = (container: Element): ChildNode[] =>
  [...container.querySelectorAll(':scope > .section > .section')].flatMap(({ childNodes }) => [...childNodes])

/** Rising places to cut `text` at, `count` of them at most. */
export function randomCuts(text: string, count: number, random: () => number): number[] {
  const cuts = Array.from({ length: count }, () => Math.floor(random() * text.length))
  return [...new Set(cuts)].toSorted((a, b) => a - b)
}
