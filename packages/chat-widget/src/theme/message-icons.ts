import { html } from '../rendering/view.js'
import { icon } from './icons.js'

/** Icons of messages, which are shown with code that comes later. */
export const messageIcons = {
  retry: icon(html`<path d="M19.5 12a7.5 7.5 0 1 1-2.4-5.5M19.5 3.5v4h-4" />`),
} as const
