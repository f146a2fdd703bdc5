import { CHAT_SHAPE } from '../chat-launcher/launcher-css.js'
import { html, type View } from '../rendering/view.js'

/** An icon, in a box of 24 by 24. */
export const icon = (shape: View): View =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shape}</svg>`

export const icons = {
  chat: icon(html`<path d=${CHAT_SHAPE} />`),
  chevronDown: icon(html`<path d="m6 9.5 6 6 6-6" />`),
  close: icon(html`<path d="m6 6 12 12M18 6 6 18" />`),
  compose: icon(
    html`<path d="M12.5 4.5H7a3 3 0 0 0-3 3V17a3 3 0 0 0 3 3h9.5a3 3 0 0 0 3-3v-5.5" /><path
        d="m9.5 14.5.6-2.9 8-8a1.6 1.6 0 0 1 2.3 2.3l-8 8z"
      />`,
  ),
  list: icon(html`<path d="M4 6.5h16M4 12h16M4 17.5h10" />`),
  back: icon(html`<path d="m14.5 5.5-6.5 6.5 6.5 6.5" />`),
  send: icon(html`<path d="M12 19.5v-15M5.5 11 12 4.5l6.5 6.5" />`),
  stop: icon(html`<rect class="solid" x="7" y="7" width="10" height="10" rx="2" />`),
  arrowDown: icon(html`<path d="M12 4.5v15M5.5 13l6.5 6.5 6.5-6.5" />`),
  arrowUpRight: icon(html`<path d="M7 17 17 7M8.5 7H17v8.5" />`),
  spark: icon(
    html`<path
      class="solid"
      d="M12 2.5c.7 5 3.5 8.3 9.5 9.5-6 1.2-8.8 4.5-9.5 9.5-.7-5-3.5-8.3-9.5-9.5 6-1.2 8.8-4.5 9.5-9.5"
    />`,
  ),
  offline: icon(
    html`<path d="m4 4 16 16M4 10a12 12 0 0 1 4-2M13 7a12 12 0 0 1 7 3M8 15a6 6 0 0 1 6-1M12 19h.01" />`,
  ),
  alert: icon(html`<circle cx="12" cy="12" r="8.5" /><path d="M12 8v4.5M12 16h.01" />`),
} as const
