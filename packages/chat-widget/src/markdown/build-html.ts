import type { MarkedToken, Token } from 'marked'
import { imageOver, linkOver } from './build-link.js'
import type { BuildInline, HtmlBuilder, RenderContext } from './render-context.js'

/** Parses HTML and takes everything out of it that could act. */
export type Sanitize = (html: string) => DocumentFragment

/** What HTML of an answer may become, where a site allows it at all. Everything else is only its text. */
const ELEMENTS = new Set(
  (
    'abbr b blockquote br caption cite code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p ' +
    'pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var'
  ).split(' '),
)
const ATTRIBUTES = new Set('colspan rowspan open start title lang dir'.split(' '))
const OPENING_TAG = /^<([a-z][a-z0-9]*)[^>]*>$/i
const CLOSING_TAG = /^<\/([a-z][a-z0-9]*)\s*>$/i
const VOID = new Set(['br', 'hr', 'img'])

export const htmlBuilder = (sanitize: Sanitize): HtmlBuilder => ({
  block: (html, context) => appendCopies(document.createElement('div'), sanitize(html), context),
  run: (parent, tokens, context, buildInline) => buildRun(parent, tokens, { sanitize, context, buildInline }),
})

interface Run {
  readonly sanitize: Sanitize
  readonly context: RenderContext
  readonly buildInline: BuildInline
}

function buildRun(parent: Node, tokens: readonly Token[], { sanitize, context, buildInline }: Run): void {
  const open: { name: string; node: Node }[] = [{ name: '', node: parent }]
  const here = (): Node => open.at(-1)?.node ?? parent
  for (const token of tokens) {
    const known = token as MarkedToken // no extensions are loaded
    if (known.type !== 'html') {
      here().appendChild(buildInline(known, context))
      continue
    }
    const closing = CLOSING_TAG.exec(known.raw)?.[1]?.toLowerCase()
    if (closing !== undefined) {
      const index = open.findLastIndex(({ name }) => name === closing)
      if (index > 0) open.length = index
      continue
    }
    const element = openElement(known.raw, sanitize, context)
    if (!element) continue
    here().appendChild(element)
    const name = element.localName
    if (!VOID.has(name))
      open.push({ name: OPENING_TAG.exec(known.raw)?.[1]?.toLowerCase() ?? name, node: element })
  }
}

function openElement(tag: string, sanitize: Sanitize, context: RenderContext): HTMLElement | null {
  const name = OPENING_TAG.exec(tag)?.[1]
  if (name === undefined) return null
  const html = VOID.has(name.toLowerCase()) ? tag : `${tag}</${name}>`
  const element = appendCopies(document.createElement('div'), sanitize(html), context).firstElementChild
  return element instanceof HTMLElement ? element : null
}

/** Copies sanitised nodes one by one: a second wall behind the sanitiser, and the same rules for links and images. */
function appendCopies<P extends Node>(parent: P, source: Node, context: RenderContext): P {
  for (const node of source.childNodes) {
    if (node instanceof Element) parent.appendChild(copyElement(node, context))
    else if (node.nodeType === Node.TEXT_NODE)
      parent.appendChild(document.createTextNode(node.nodeValue ?? ''))
  }
  return parent
}

function copyElement(source: Element, context: RenderContext): Node {
  const name = source.localName
  if (name === 'img')
    return imageOver(source.getAttribute('alt') ?? '', source.getAttribute('src') ?? '', context)
  const copy = document.createElement(ELEMENTS.has(name) ? name : 'span')
  appendCopies(copy, source, context)
  if (name === 'a') return linkOver(copy, source.getAttribute('href') ?? '', false)
  for (const { name: attribute, value } of source.attributes) {
    if (ATTRIBUTES.has(attribute)) copy.setAttribute(attribute, value)
  }
  return copy
}
