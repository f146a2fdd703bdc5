import type { ChatMessage, ChatPhase } from '@colloquy/chat-core'
import type { PropertyValues } from '@lit/reactive-element'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { property, query, state } from '@lit/reactive-element/decorators.js'
import type { ContentPolicy } from '../chat-markdown/chat-markdown.js'
import type { ChatMessage as ChatMessageElement } from '../chat-message/chat-message.js'
import { FollowController } from '../controllers/follow-controller.js'
import { en } from '../locale/en.js'
import type { ChatStrings } from '../locale/strings.js'
import { icons } from '../theme/icons.js'
import { shared } from '../theme/shared.styles.js'
import { chatMessageListStyles } from './chat-message-list.styles.js'

/**
 * @summary The messages of the open conversation. Follows the end unless the reader scrolled up.
 * @slot - Shown in place of messages while there are none.
 * @csspart messages - The scrolling area.
 * @csspart jump - The button back to the latest message.
 */
export class ChatMessageList extends ViewElement {
  static override styles = [shared, chatMessageListStyles]

  @property({ attribute: false }) messages: readonly ChatMessage[] = []
  @property({ attribute: false }) phase: ChatPhase = 'idle'
  @property({ type: Boolean }) stillWorking = false
  @property({ attribute: false }) policy: ContentPolicy = { allowHtml: false, imageHosts: new Set() }
  @property({ attribute: false }) strings: ChatStrings = en

  /** What the live region says: whole answers, never parts of one. */
  @state() private announcement = ''
  @query('.scroller') private readonly scroller!: HTMLElement | null
  @query('.content') private readonly content!: HTMLElement | null

  readonly #follow = new FollowController(this, () =>
    this.scroller && this.content ? { scroller: this.scroller, content: this.content } : null,
  )

  protected override render(): View {
    const { strings } = this
    return html`<div
        part="messages"
        class="scroller"
        tabindex="0"
        role="region"
        aria-label=${strings.messages}
      >
        <div class="content">
          ${
            this.messages.length === 0
              ? html`<slot></slot>`
              : this.messages.map((message, index) =>
                  this.#message(message, index === this.messages.length - 1),
                )
          }
        </div>
      </div>
      ${
        this.#follow.following
          ? nothing
          : html`<button part="jump" class="jump" @click=${() => this.#follow.follow()}>
              ${icons.arrowDown}<span>${strings.jumpToLatest}</span>
            </button>`
      }
      <p class="spoken" role="status">${this.announcement}</p>`
  }

  #message(message: ChatMessage, last: boolean): View {
    return html`<chat-widget-message
      key=${message.id}
      exportparts="message, actions"
      data-id=${message.id}
      .message=${message}
      .retryable=${last && this.phase === 'idle'}
      .activity=${last ? this.#activity() : ''}
      .policy=${this.policy}
      .strings=${this.strings}
    ></chat-widget-message>`
  }

  #activity(): string {
    if (this.phase === 'reconnecting') return this.strings.reconnecting
    return this.stillWorking ? this.strings.stillWorking : ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('messages')
    // A question of one's own is always worth going to; so is another conversation.
    if (before && isOtherEnd(before, this.messages)) this.#follow.follow()
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('messages')
    const ended = before && this.messages.find((message) => hasEnded(before, message))
    if (ended) void this.#announce(ended)
  }

  async #announce({ id, content }: ChatMessage): Promise<void> {
    const element = this.renderRoot.querySelector<ChatMessageElement>(`[data-id="${CSS.escape(id)}"]`)
    await element?.updateComplete
    this.announcement = element?.spokenText() ?? content
  }
}

function isOtherEnd(before: readonly ChatMessage[], after: readonly ChatMessage[]): boolean {
  if (before[0]?.id !== after[0]?.id) return true
  const lastQuestion = (messages: readonly ChatMessage[]): string | undefined =>
    messages.findLast(({ role }) => role === 'user')?.id
  return lastQuestion(before) !== lastQuestion(after)
}

/** True when `message` was being written before and is not any more. */
function hasEnded(before: readonly ChatMessage[], message: ChatMessage): boolean {
  const open = (status: ChatMessage['status']): boolean => status === 'sending' || status === 'streaming'
  if (message.role !== 'assistant' || open(message.status)) return false
  return before.some(({ id, status }) => id === message.id && open(status))
}
