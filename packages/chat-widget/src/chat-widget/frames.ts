import { html, type View } from '../rendering/view.js'

/** Parts of the panel that a page may style. */
export const PARTS =
  'header, heading, empty, messages, message, actions, jump, conversations, composer, input, send, launcher'

/** The chat as a part of the page. @param label names it for assistive technology */
export const inlineFrame = (label: string, content: View): View =>
  html`<section part="panel" class="panel" aria-label=${label}>${content}</section>`

/** The chat above the page, with what opens it. */
export const floatingFrame = (
  label: string,
  content: View,
  onCancel: (event: Event) => void,
  launcher: View,
): View =>
  html`<dialog part="panel" class="panel" aria-label=${label} @cancel=${onCancel}>${content}</dialog>
    ${launcher}`

/**
 * Empties a root in which something was drawn before the element came to life.
 * @returns whether the focus was there
 */
export function takeOver(root: ShadowRoot | null): boolean {
  const hadFocus = Boolean(root?.activeElement)
  root?.replaceChildren()
  return hadFocus
}
