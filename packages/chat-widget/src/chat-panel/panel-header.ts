import type { ChatSnapshot } from '@colloquy/chat-core'
import { html, nothing, type View } from '../rendering/view.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import type { PanelOptions, PanelView } from './options.js'

/** What the header tells, as it stands on the panel. */
interface Panel extends EventTarget {
  readonly snapshot: ChatSnapshot
  readonly view: PanelView
  readonly options: PanelOptions
}

/** The way to the list and back, the name, a new conversation, the way out. */
export function panelHeader(panel: Panel): View {
  const { strings, heading, closable } = panel.options
  const inList = panel.view === 'conversations'
  return html`<header part="header">
    <button
      class="icon-button back"
      aria-label=${inList ? strings.backToChat : strings.conversations}
      title=${inList ? strings.backToChat : strings.conversations}
      @click=${() => request(panel, inList ? 'show-messages' : 'show-conversations', null)}
    >
      ${inList ? icons.back : icons.list}
    </button>
    <div class="heading">
      <slot name="header"><h2 part="heading">${inList ? strings.conversations : heading}</h2></slot>
      ${!inList && panel.snapshot.session?.features.demo ? html`<span class="demo" title=${strings.demoHint}>${strings.demo}</span>` : nothing}
    </div>
    <button
      class="icon-button"
      aria-label=${strings.newConversation}
      title=${strings.newConversation}
      @click=${() => request(panel, 'new-conversation', null)}
    >
      ${icons.compose}
    </button>
    ${
      closable
        ? html`<button
            class="icon-button"
            aria-label=${strings.closeChat}
            title=${strings.closeChat}
            @click=${() => request(panel, 'close', null)}
          >
            ${icons.close}
          </button>`
        : nothing
    }
  </header>`
}
