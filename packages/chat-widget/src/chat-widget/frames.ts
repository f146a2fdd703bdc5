import { html, type View } from '../rendering/view.js'

/** Parts of the panel that a page may style. */
export const PARTS =
  'header, heading, empty, messages, message, actions, jump, conversations, composer, input, send, launcher'

/** The chat, and what its frame needs to know. */
interface Framed {
  /** Names the chat for assistive technology. */
  readonly label: string
  readonly content: View
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** The chat as a part of the page. */
export const inlineFrame = ({ label, content, onKeyDown }: Framed): View =>
  html`<section part="panel" class="panel" aria-label=${label} @keydown=${onKeyDown}>${content}</section>`

/** The chat above the page, with what opens it. */
export const floatingFrame = (
  { label, content, onKeyDown }: Framed,
  onCancel: (event: Event) => void,
  launcher: View,
): View =>
  html`<dialog part="panel" class="panel" aria-label=${label} @keydown=${onKeyDown} @cancel=${onCancel}>
      ${content}
    </dialog>
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
