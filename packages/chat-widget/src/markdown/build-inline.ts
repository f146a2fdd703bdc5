import type { Token, Tokens } from 'marked'
import { decodeEntities } from './entities.js'
import { imageOver, linkOver } from './build-link.js'
import type { MathToken, RenderContext } from './render-context.js'

/** What the lexer finds within a block. */
type InlineToken =
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Del
  | Tokens.Codespan
  | Tokens.Br
  | Tokens.Link
  | Tokens.Image
  | Tokens.Checkbox
  | Tokens.Escape
  | Tokens.Text
  | Tokens.Tag

/** One node for each inline token, in order: {@link patchInline} relies on that. */
export function appendInline(parent: Node, tokens: readonly Token[], context: RenderContext): void {
  if (context.html && tokens.some(({ type }) => type === 'html'))
    context.html.run(parent, tokens, context, buildInline)
  else for (const token of tokens) parent.appendChild(buildInline(token, context))
}

export function buildInline(token: Token, context: RenderContext): Node {
  // The lexer's own type is open for extensions: the one that we load is math. It gives no blocks here.
  const known = token as InlineToken | MathToken
  switch (known.type) {
    case 'strong':
    case 'em':
    case 'del':
      return withInline(document.createElement(known.type), known.tokens, context)
    case 'codespan':
      return withText(document.createElement('code'), known.text)
    case 'br':
      return document.createElement('br')
    case 'link':
      return linkOver(withInline(document.createElement('span'), known.tokens, context), known.href, false)
    case 'image':
      return imageOver(decodeEntities(known.text), known.href, context)
    case 'checkbox':
      return buildCheckbox(known.checked, context)
    case 'escape':
      return document.createTextNode(known.text)
    case 'text':
      return document.createTextNode(decodeEntities(known.text))
    case 'math':
      return buildMath(known, context)
    case 'html':
      // Not allowed: the text that it is.
      return document.createTextNode(known.raw)
  }
}

export const buildMath = (token: MathToken, { math, strings }: RenderContext): HTMLElement =>
  math?.build(token, strings) ?? withText(document.createElement('span'), token.raw)

export function withInline<E extends Element>(
  element: E,
  tokens: readonly Token[],
  context: RenderContext,
): E {
  appendInline(element, tokens, context)
  return element
}

export function withText<E extends Element>(element: E, text: string): E {
  element.textContent = text
  return element
}

function buildCheckbox(checked: boolean, { strings }: RenderContext): HTMLInputElement {
  const box = document.createElement('input')
  box.type = 'checkbox'
  box.disabled = true
  box.setAttribute('aria-label', checked ? strings.taskDone : strings.taskOpen)
  box.toggleAttribute('checked', checked)
  return box
}
