import type { MarkedToken, Token } from 'marked'
import { imageOver, linkOver } from './build-link.js'
import type { RenderContext } from './render-context.js'

/** What HTML of an answer may become, where a site allows it at all. Everything else is only its text. */
const ELEMENTS = new Set(
  (
    'abbr b blockquote br caption cite code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p ' +
    'pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var'
  ).split(' '),
)
const ATTRIBUTES = new Set(['colspan', 'rowspan', 'open', 'start', 'title', 'lang', 'dir'])
const OPENING_TAG = /^<([a-z][a-z0-9]*)[^>]*>$/i
const CLOSING_TAG = /^<\/([a-z][a-z0-9]*)\s*>$/i
const VOID = new Set(['br', 'hr', 'img'])

/** The nodes of one HTML block. */
export function buildHtmlBlock(html: string, context: RenderContext): HTMLElement {
  const block = document.createElement('div')
  if (context.sanitize) appendCopies(block, context.sanitize(html), context)
  else block.textContent = html
  return block
}

/** Inline text with tags in it: a tag opens an element for what follows, until its closing tag or the end. */
export function buildHtmlRun(
  parent: Node,
  tokens: readonly Token[],
  context: RenderContext,
  buildInline: (token: Token, context: RenderContext) => Node,
): void {
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
    const element = openElement(known.raw, context)
    if (!element) continue
    here().appendChild(element)
    const name = element.localName
    if (!VOID.has(name))
      open.push({ name: OPENING_TAG.exec(known.raw)?.[1]?.toLowerCase() ?? name, node: element })
  }
}

function openElement(tag: string, context: RenderContext): HTMLElement | null {
  const name = OPENING_TAG.exec(tag)?.[1]
  if (name === undefined || !context.sanitize) return null
  const holder = document.createElement('div')
  appendCopies(holder, context.sanitize(VOID.has(name.toLowerCase()) ? tag : `${tag}</${name}>`), context)
  const element = holder.firstElementChild
  return element instanceof HTMLElement ? element : null
}

/** Copies sanitised nodes one by one: a second wall behind the sanitiser, and the same rules for links and images. */
function appendCopies(parent: Node, source: Node, context: RenderContext): void {
  for (const node of source.childNodes) {
    if (node instanceof Element) parent.appendChild(copyElement(node, context))
    else if (node.nodeType === Node.TEXT_NODE)
      parent.appendChild(document.createTextNode(node.nodeValue ?? ''))
  }
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
