import type { Token, Tokens } from 'marked'
import { decodeEntities } from './entities.js'
import { buildInline, buildMath, withInline, withText } from './build-inline.js'
import { isLevelled } from './heading-levels.js'
import { visibleBlocks, type PlainToken } from './lexer.js'
import type { MathToken, RenderContext } from './render-context.js'

type BlockToken =
  | Tokens.Paragraph
  | Tokens.Heading
  | Tokens.Text
  | Tokens.Code
  | Tokens.List
  | Tokens.ListItem
  | Tokens.Blockquote
  | Tokens.Table
  | Tokens.Hr
  | Tokens.HTML
  | Tokens.Checkbox

/** One element for each block token, in order. */
export function buildBlock(token: Token, context: RenderContext): Node {
  // No extensions are loaded but math, the lexer gives nothing inline here, and what makes no node is not among the visible blocks.
  const known = token as BlockToken | PlainToken | MathToken
  switch (known.type) {
    case 'paragraph':
      return withInline(document.createElement('p'), known.tokens, context)
    case 'heading':
      return withInline(headingOf(known), known.tokens, context)
    case 'text':
      return buildText(known, context)
    case 'code':
      return buildCode(known, context)
    case 'list':
      return buildList(known, context)
    case 'list_item':
      return withBlocks(buildItem(known), visibleBlocks(known.tokens), context)
    case 'blockquote':
      return withBlocks(document.createElement('blockquote'), visibleBlocks(known.tokens), context)
    case 'table':
      return buildTable(known, context)
    case 'hr':
      return document.createElement('hr')
    case 'html':
      return context.html?.block(known.text, context) ?? withText(document.createElement('div'), known.text)
    case 'checkbox':
      return buildInline(known, context)
    case 'math':
      return buildMath(known, context)
    case 'plain':
      return withClass(withText(document.createElement('p'), known.text), 'plain')
  }
}

function withBlocks<E extends Element>(parent: E, tokens: readonly Token[], context: RenderContext): E {
  for (const token of tokens) parent.append(buildBlock(token, context))
  return parent
}

function withClass<E extends Element>(element: E, name: string): E {
  element.className = name
  return element
}

/** An answer is one part of the page's outline: its headings start below those of the panel. They look as they were written. */
function headingOf(token: Tokens.Heading): HTMLElement {
  const level = isLevelled(token) ? token.level : token.depth
  return withClass(document.createElement(`h${Math.min(level + 2, 6)}`), `h${token.depth}`)
}

function buildText(token: Tokens.Text, context: RenderContext): Node {
  const span = document.createElement('span')
  return token.tokens ? withInline(span, token.tokens, context) : withText(span, decodeEntities(token.text))
}

function buildList(token: Tokens.List, context: RenderContext): HTMLElement {
  const list = document.createElement(token.ordered ? 'ol' : 'ul')
  if (typeof token.start === 'number' && token.start !== 1) list.setAttribute('start', String(token.start))
  return withBlocks(list, token.items, context)
}

/** The box of a task stands where other items of the list have their mark. */
function buildItem({ task }: Tokens.ListItem): HTMLElement {
  const item = document.createElement('li')
  return task ? withClass(item, 'task') : item
}

/** First word of the info string, as people write languages: `ts`, `c++`, `objective-c`. */
export const languageOf = (info: string | undefined): string => /^[\w+#.-]{1,24}/.exec(info ?? '')?.[0] ?? ''

function buildCode(token: Tokens.Code, context: RenderContext): HTMLElement {
  const language = languageOf(token.lang)
  const figure = withClass(document.createElement('figure'), 'code')
  const bar = withClass(document.createElement('figcaption'), 'code-bar')
  const copy = withText(document.createElement('button'), context.strings.copyCode)
  copy.type = 'button'
  copy.className = 'copy-code'
  bar.append(withText(document.createElement('span'), language), copy)
  const pre = document.createElement('pre')
  // It scrolls, so the keyboard must be able to reach it, and a screen reader to name it.
  pre.tabIndex = 0
  pre.setAttribute('role', 'group')
  pre.setAttribute('aria-label', language || context.strings.codeBlock)
  pre.append(withText(document.createElement('code'), token.text))
  figure.append(bar, pre)
  return figure
}

function buildTable(token: Tokens.Table, context: RenderContext): HTMLElement {
  const frame = withClass(document.createElement('div'), 'table')
  frame.tabIndex = 0
  frame.setAttribute('role', 'group')
  frame.setAttribute('aria-label', context.strings.table)
  const table = document.createElement('table')
  table.createTHead().append(buildRow(token.header, context))
  const body = table.createTBody()
  for (const row of token.rows) body.append(buildRow(row, context))
  frame.append(table)
  return frame
}

export function buildRow(cells: readonly Tokens.TableCell[], context: RenderContext): HTMLTableRowElement {
  const row = document.createElement('tr')
  for (const { header, align, tokens } of cells) {
    const cell = document.createElement(header ? 'th' : 'td')
    if (align) cell.className = `align-${align}`
    if (header) cell.setAttribute('scope', 'col')
    row.append(withInline(cell, tokens, context))
  }
  return row
}
