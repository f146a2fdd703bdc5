import { html } from '../rendering/view.js'
import { icon } from './icons.js'

/** Icons of what is not there at the first opening. */
export const toolIcons = {
  copy: icon(
    html`<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2.5" /><path
        d="M15.5 8.5V6.5A2.5 2.5 0 0 0 13 4H6.5A2.5 2.5 0 0 0 4 6.5V13a2.5 2.5 0 0 0 2.5 2.5h2"
      />`,
  ),
  check: icon(html`<path d="m5 12.5 4.5 4.5L19 7.5" />`),
  pencil: icon(html`<path d="m5 19 .9-4L16.4 4.5a2 2 0 0 1 2.9 2.9L8.9 18z" />`),
  search: icon(html`<circle cx="11" cy="11" r="6.5" /><path d="m16 16 4 4" />`),
  thumbUp: icon(
    html`<path
      d="M7.5 11v8.5h9.3a2.5 2.5 0 0 0 2.45-2l1.2-6a1.8 1.8 0 0 0-1.75-2.15H14l.8-4a1.6 1.6 0 0 0-3-.95zM7.5 11H4v8.5h3.5"
    />`,
  ),
  thumbDown: icon(
    html`<path
      d="M7.5 13V4.5h9.3a2.5 2.5 0 0 1 2.45 2l1.2 6a1.8 1.8 0 0 1-1.75 2.15H14l.8 4a1.6 1.6 0 0 1-3 .95zM7.5 13H4V4.5h3.5"
    />`,
  ),
  trash: icon(
    html`<path
      d="M4.5 6.5h15M9.5 6.5V4.5h5v2M6.5 6.5l.8 12a2 2 0 0 0 2 1.5h5.4a2 2 0 0 0 2-1.5l.8-12M10 10.5v5.5M14 10.5v5.5"
    />`,
  ),
} as const
