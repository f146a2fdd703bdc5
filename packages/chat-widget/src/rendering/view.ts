import htm from 'htm'

/** Nothing to show; keeps its place among its neighbours. */
export const nothing = null

/** One element as it should be. */
export interface ElementView {
  readonly tag: string
  /**
   * By name: `@click` a listener, `.value` a property, `?hidden` an attribute that is there or not, `key` what tells
   * an element from its neighbours when their order changes, all others attributes (null: absent).
   */
  readonly props: Readonly<Record<string, unknown>>
  readonly children: readonly View[]
}

/** What a template says: elements, text, lists of them, or nothing. Never HTML: text stays text. */
export type View = ElementView | string | number | null | undefined | readonly View[]

type Template = (strings: TemplateStringsArray, ...values: unknown[]) => View

/**
 * A template: `<p class="a ${b}" @click=${listener}>${text}</p>`. Elements are closed, as in JSX. Becomes nodes by
 * `createElement` alone, so that pages which forbid every HTML string (`trusted-types 'none'`) show all of it.
 */
// A function at run time; its types, read as CommonJS, are those of a namespace around it. Pure: bundles without templates leave it out.
export const html: Template = /* @__PURE__ */ (htm as unknown as Function).bind(element)

/** What a template calls for each of its elements. */
export function element(
  tag: string,
  props: Record<string, unknown> | null,
  ...children: View[]
): ElementView {
  return { tag, props: props ?? {}, children }
}
