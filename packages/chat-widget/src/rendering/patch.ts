import type { ElementView, View } from './view.js'

/** One node on the page and the view that it shows. */
interface Shown {
  readonly node: Element | Text
  view: ElementView | string
  children: Shown[]
}

const SVG = 'http://www.w3.org/2000/svg'
const roots = new WeakMap<ParentNode, Shown[]>()

/** Makes what `root` shows equal to `view`; what is equal already keeps its nodes, and with them focus and selection. */
export function patch(root: ParentNode, view: View): void {
  roots.set(root, patchChildren(root, roots.get(root) ?? [], flat([view]), false))
}

function patchChildren(
  parent: ParentNode,
  before: readonly Shown[],
  views: readonly (ElementView | string)[],
  isSvg: boolean,
): Shown[] {
  const reusable = new Map(before.map((shown, index) => [placeOf(shown.view, index), shown]))
  const after = views.map((view, index) => {
    const place = placeOf(view, index)
    const shown = reusable.get(place)
    if (!shown || kindOf(shown.view) !== kindOf(view)) return create(view, isSvg)
    reusable.delete(place)
    update(shown, view, isSvg)
    return shown
  })
  for (const { node } of reusable.values()) node.remove()
  arrange(parent, after)
  return after
}

/** Moves only what stands in the wrong place: a moved element loses its focus. */
function arrange(parent: ParentNode, children: readonly Shown[]): void {
  let following: Node | null = null
  for (const { node } of children.toReversed()) {
    if (node.parentNode !== parent || (following && node.nextSibling !== following))
      parent.insertBefore(node, following)
    following = node
  }
}

/** Children are told apart by their keys, or else by where they stand. */
function placeOf(view: ElementView | string, index: number): unknown {
  return typeof view === 'string' ? index : (view.props['key'] ?? index)
}

const kindOf = (view: ElementView | string): string => (typeof view === 'string' ? '' : view.tag)

function create(view: ElementView | string, isSvg: boolean): Shown {
  if (typeof view === 'string') return { node: document.createTextNode(view), view, children: [] }
  const { tag } = view
  const node = isSvg || tag === 'svg' ? document.createElementNS(SVG, tag) : document.createElement(tag)
  const shown: Shown = { node, view: { tag, props: {}, children: [] }, children: [] }
  update(shown, view, isSvg)
  return shown
}

function update(shown: Shown, view: ElementView | string, isSvg: boolean): void {
  const { node, view: before } = shown
  shown.view = view
  if (before === view) return
  if (!(node instanceof Element) || typeof view === 'string' || typeof before === 'string') {
    if (typeof view === 'string') node.textContent = view
    return
  }
  for (const name of Object.keys(before.props)) if (!Object.hasOwn(view.props, name)) apply(node, name, null)
  for (const [name, value] of Object.entries(view.props)) {
    if (before.props[name] !== value) apply(node, name, value)
  }
  shown.children = patchChildren(node, shown.children, flat(view.children), isSvg || view.tag === 'svg')
}

function apply(node: Element, name: string, value: unknown): void {
  const bare = name.slice(1)
  if (name.startsWith('@')) listen(node, bare, value)
  else if (name.startsWith('.')) Reflect.set(node, bare, value)
  else if (name.startsWith('?')) node.toggleAttribute(bare, Boolean(value))
  else if (value === null || value === undefined) node.removeAttribute(name)
  else if (name !== 'key') node.setAttribute(name, `${value as string | number | boolean}`) // what templates write there
}

const listeners = new WeakMap<Element, Map<string, unknown>>()

/** Registered with the browser once: a view made anew has new listeners all over, and each would cost two calls. */
function listen(node: Element, type: string, listener: unknown): void {
  const known = listeners.get(node) ?? new Map<string, unknown>()
  listeners.set(node, known)
  if (!known.has(type)) node.addEventListener(type, dispatch)
  known.set(type, listener)
}

function dispatch(this: unknown, event: Event): void {
  if (!(event.currentTarget instanceof Element)) return
  const listener = listeners.get(event.currentTarget)?.get(event.type)
  if (typeof listener === 'function') listener(event)
}

/** Lists in the place of their items; nothing becomes empty text, so that what follows keeps its place. */
function flat(views: readonly View[]): (ElementView | string)[] {
  return views.flatMap((view) => {
    if (isList(view)) return flat(view)
    if (view === null || view === undefined) return ['']
    return [typeof view === 'number' ? String(view) : view]
  })
}

const isList = (view: View): view is readonly View[] => Array.isArray(view)
