import type { MarkedToken, Token, Tokens } from 'marked'
import { buildBlock, buildRow, languageOf } from './build-block.js'
import { appendInline, buildInline } from './build-inline.js'
import { decodeEntities } from './entities.js'
import { lastLevel } from './heading-levels.js'
import { visibleBlocks, type PlainToken } from './lexer.js'
import type { MathToken, RenderContext } from './render-context.js'

/** What a container shows and what it should show; children before `from` are known to be the same. */
export interface Change {
  readonly before: readonly Token[]
  readonly after: readonly Token[]
  readonly from: number
}

/**
 * Brings the children of `parent`, built from `before`, to what `after` says, and touches only what differs: a
 * selection in a finished block survives, and a growing paragraph costs one text node.
 */
export function patchBlocks(parent: Node, { before, after, from }: Change, context: RenderContext): void {
  for (let index = from; index < after.length; index += 1) {
    const token = after[index]
    if (!token) break
    const node = parent.childNodes[index]
    const old = before[index]
    if (!node || !old) parent.appendChild(buildBlock(token, context))
    else if (!isSame(old, token) && !patchBlock(node, old, token, context)) {
      parent.replaceChild(buildBlock(token, context), node)
    }
  }
  removeFrom(parent, after.length)
}

/** The same source makes the same nodes, unless a definition gave a link its target or a list became loose. */
function isSame(a: Token, b: Token): boolean {
  if (a === b) return true
  return a.type === b.type && a.raw === b.raw && !a.raw.includes('[') && looseness(a) === looseness(b)
}

const looseness = (token: Token): unknown => ('loose' in token ? token.loose : undefined)

type Known = MarkedToken | PlainToken | MathToken

/** True when `node` could be changed in place. */
function patchBlock(node: Node, before: Token, after: Token, context: RenderContext): boolean {
  const old = before as Known // no extensions are loaded
  const now = after as Known
  if (!(node instanceof HTMLElement)) return false
  if (old.type === 'code' && now.type === 'code') return patchCode(node, old, now)
  if (old.type === 'table' && now.type === 'table') return patchTable(node, old, now, context)
  if (old.type === 'list' && now.type === 'list') return patchList(node, old, now, context)
  if (now.type === 'math') return old.type === 'math' && old.raw === now.raw
  if (old.type === 'plain' && now.type === 'plain') return setText(node.firstChild, now.text)
  const isItem = old.type === 'list_item' && now.type === 'list_item' && old.task === now.task
  const isQuote = old.type === 'blockquote' && now.type === 'blockquote'
  if (isItem || isQuote) {
    const change = { before: visibleBlocks(old.tokens), after: visibleBlocks(now.tokens), from: 0 }
    patchBlocks(node, change, context)
    return true
  }
  return patchLeaf(node, old, now, context)
}

function patchLeaf(node: HTMLElement, old: Known, now: Known, context: RenderContext): boolean {
  const isLeaf = now.type === 'paragraph' || now.type === 'text' || now.type === 'heading'
  if (!isLeaf || old.type !== now.type || !('tokens' in old) || !old.tokens || !now.tokens) return false
  if (now.type === 'heading' && !isSameHeading(old, now)) return false
  patchInline(node, old.tokens, now.tokens, context)
  return true
}

const isSameHeading = (old: Known, now: Tokens.Heading): boolean =>
  old.type === 'heading' && old.depth === now.depth && lastLevel([old], 0) === lastLevel([now], 0)

function patchInline(
  parent: Element,
  old: readonly Token[],
  now: readonly Token[],
  context: RenderContext,
): void {
  const hasHtml = [...old, ...now].some(({ type }) => type === 'html')
  if (hasHtml || parent.childNodes.length !== old.length) {
    parent.replaceChildren()
    appendInline(parent, now, context)
    return
  }
  now.forEach((token, index) => {
    const before = old[index]
    if (before === token) return
    const node = parent.childNodes[index]
    if (!before || !node) parent.append(buildInline(token, context))
    else if (!patchInlineNode(node, before, token)) parent.replaceChild(buildInline(token, context), node)
  })
  removeFrom(parent, now.length)
}

function patchInlineNode(node: Node, before: Token, after: Token): boolean {
  const old = before as Known
  const now = after as Known
  if (old.type !== now.type) return false
  if (now.type === 'math') return old.raw === now.raw
  if (now.type === 'text') return setText(node, decodeEntities(now.text))
  if ('href' in old && 'href' in now && old.href !== now.href) return false
  // Brackets within it may get a target; those of its own have one.
  return old.raw === now.raw && !now.raw.includes('[', now.type === 'image' ? 2 : 1)
}

/** Appends where it can: cheaper than a new value, and a selection in the text stays. */
function setText(node: Node | null, text: string): boolean {
  if (!(node instanceof Text)) return false
  if (text.startsWith(node.data)) node.appendData(text.slice(node.data.length))
  else node.data = text
  return true
}

function patchCode(figure: HTMLElement, old: Tokens.Code, now: Tokens.Code): boolean {
  if (languageOf(old.lang) !== languageOf(now.lang)) return false
  return setText(figure.querySelector('code')?.firstChild ?? null, now.text)
}

function patchList(list: HTMLElement, old: Tokens.List, now: Tokens.List, context: RenderContext): boolean {
  if (old.ordered !== now.ordered || old.start !== now.start) return false
  patchBlocks(list, { before: old.items, after: now.items, from: 0 }, context)
  return true
}

function patchTable(
  frame: HTMLElement,
  old: Tokens.Table,
  now: Tokens.Table,
  context: RenderContext,
): boolean {
  const body = frame.querySelector('tbody')
  const sameHead = rowKey(old.header) === rowKey(now.header) && old.align.join() === now.align.join()
  if (!body || !sameHead) return false
  now.rows.forEach((row, index) => {
    const before = old.rows[index]
    const node = body.rows[index]
    if (!before || !node) body.append(buildRow(row, context))
    else if (before !== row && rowKey(before) !== rowKey(row)) node.replaceWith(buildRow(row, context))
  })
  removeFrom(body, now.rows.length)
  return true
}

/** A cell's source and where its links lead: definitions may come late. Not JSON, whose arrays a page may have changed. */
const rowKey = (cells: readonly Tokens.TableCell[]): string =>
  cells.map(({ text, tokens }) => `${text}\0${typesOf(tokens)}`).join('\0\0')

const typesOf = (tokens: readonly Token[] = []): string =>
  tokens.map((token) => token.type + ('tokens' in token ? `(${typesOf(token.tokens)})` : '')).join()

function removeFrom(parent: Node, index: number): void {
  while (parent.childNodes.length > index && parent.lastChild) parent.removeChild(parent.lastChild)
}
