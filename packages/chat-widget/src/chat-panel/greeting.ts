import type { ChatSnapshot } from '@colloquy/chat-core'
import { moveWithArrows } from '../keyboard/arrow-keys.js'
import { html, nothing, type View } from '../rendering/view.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import type { PanelOptions } from './options.js'
import { isSwitchedOff } from './panel-notices.js'

/** What an empty conversation shows, as it stands on the panel. */
interface Panel extends EventTarget {
  readonly snapshot: ChatSnapshot
  readonly options: PanelOptions
  readonly renderRoot: ParentNode
}

/** In place of the messages of a conversation that has none: who is here, and what could be asked. */
export function greeting(panel: Panel): View {
  const { strings, greeting: ofSite } = panel.options
  const { session } = panel.snapshot
  const suggestions = isSwitchedOff(panel.snapshot) ? [] : (session?.suggestions ?? [])
  return html`<div part="empty" class="empty">
    <slot name="empty">
      <span class="mark">${icons.spark}</span>
      <h3>${ofSite || session?.greeting || strings.greeting}</h3>
      ${suggestions.length > 0 ? html`<p>${strings.emptyHint}</p>` : nothing}
      <ul
        aria-label=${strings.suggestions}
        @keydown=${(event: KeyboardEvent) =>
          moveWithArrows(event, [...panel.renderRoot.querySelectorAll<HTMLElement>('.suggestion')])}
      >
        ${suggestions.map(
          (text) =>
            html`<li>
              <button class="suggestion" @click=${() => request(panel, 'send', { text })}>
                <span>${text}</span>${icons.arrowUpRight}
              </button>
            </li>`,
        )}
      </ul>
      ${session?.features.demo ? html`<p class="demo-hint">${strings.demoHint}</p>` : nothing}
    </slot>
  </div>`
}
