import type { ConversationSummary } from '@colloquy/chat-core'
import type { PropertyValues } from '@lit/reactive-element'
import { ViewElement } from '../rendering/view-element.js'
import { html, type View } from '../rendering/view.js'
import { property, state } from '@lit/reactive-element/decorators.js'
import { en } from '../locale/en.js'
import { relativeTime } from '../locale/format.js'
import type { ChatStrings } from '../locale/strings.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { shared } from '../theme/shared.styles.js'
import { chatConversationListStyles } from './chat-conversation-list.styles.js'

/**
 * @summary The visitor's conversations: open one, start one, delete one.
 * @csspart conversations - The scrolling area.
 */
export class ChatConversationList extends ViewElement {
  static override styles = [shared, chatConversationListStyles]

  @property({ attribute: false }) conversations: readonly ConversationSummary[] = []
  /** Id of the open conversation. */
  @property({ attribute: false }) current: string | null = null
  @property({ attribute: false }) strings: ChatStrings = en

  /** Id of the conversation whose deletion waits for a yes. */
  @state() private asking: string | null = null

  /** Puts the focus on the first thing to do here. */
  override focus(): void {
    this.renderRoot.querySelector('button')?.focus()
  }

  protected override render(): View {
    const { strings } = this
    return html`<div part="conversations" class="scroller">
      <button class="button quiet new" @click=${() => request(this, 'new-conversation', null)}>
        ${icons.compose} ${strings.newConversation}
      </button>
      ${
        this.conversations.length === 0
          ? html`<p class="empty">${strings.noConversations}</p>`
          : html`<ul aria-label=${strings.conversations}>
              ${this.conversations.map(
                (conversation) =>
                  html`<li key=${conversation.id}>
                    ${this.asking === conversation.id ? this.#question(conversation) : this.#row(conversation)}
                  </li>`,
              )}
            </ul>`
      }
    </div>`
  }

  #row({ id, title, updatedAt }: ConversationSummary): View {
    const { strings } = this
    const name = title || strings.untitled
    return html`<button
        class="open"
        aria-current=${id === this.current ? 'true' : 'false'}
        @click=${() => request(this, 'open-conversation', { id })}
      >
        <span class="title">${name}</span>
        <span class="time">${relativeTime(updatedAt, Date.now(), strings.language)}</span>
      </button>
      <button
        class="icon-button delete"
        data-delete=${id}
        aria-label=${strings.deleteConversation(name)}
        title=${strings.delete}
        @click=${() => (this.asking = id)}
      >
        ${icons.trash}
      </button>`
  }

  #question({ id }: ConversationSummary): View {
    const { strings } = this
    return html`<div
      class="question"
      role="alertdialog"
      aria-labelledby="question"
      @keydown=${this.#onKeyDown}
    >
      <p id="question">${strings.confirmDelete}</p>
      <button class="button quiet cancel" @click=${() => (this.asking = null)}>${strings.cancel}</button>
      <button class="button danger confirm" @click=${() => this.#delete(id)}>${strings.delete}</button>
    </div>`
  }

  #delete(id: string): void {
    this.asking = null
    request(this, 'delete-conversation', { id })
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    this.asking = null
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('asking')) return
    // The focus goes with the question, and comes back from it; never to the harmful answer.
    const before: unknown = changed.get('asking')
    if (this.asking !== null) this.renderRoot.querySelector<HTMLElement>('.cancel')?.focus()
    else if (typeof before === 'string') this.#focusDelete(before)
  }

  #focusDelete(id: string): void {
    const row = this.renderRoot.querySelector<HTMLElement>(`[data-delete="${CSS.escape(id)}"]`)
    if (row) row.focus()
    else this.focus()
  }
}
