import type { ChatMessage, ChatPhase } from '@colloquy/chat-core'
import type { PropertyValues } from '../rendering/reactive-controller.js'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { property, query, state } from '../rendering/properties.js'
import type { ChatMessage as ChatMessageElement } from '../chat-message/chat-message.js'
import type { VersionMap } from '../controllers/chat-controller.js'
import { FollowController } from '../controllers/follow-controller.js'
import { en } from '../locale/en.js'
import { daysBetween, dayWords, formatNumber } from '../locale/format.js'
import type { ChatStrings } from '../locale/strings.js'
import { beginningOf } from './beginning-of.js'
import { endedSince, isOtherEnd } from './changes.js'
import { holdPlace } from './hold-place.js'
import { MessageWindow } from './message-window.js'
import { messageParts } from '../parts/parts-on-demand.js'
import { isRequest, request, type ChatRequests } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { STRICT, type ContentPolicy } from '../settings/content-policy.js'
import { shared } from '../theme/shared.styles.js'
import { chatMessageListStyles } from './chat-message-list.styles.js'

const NO_VERSIONS: readonly string[] = []

/** So near to the beginning, a reader wants what came before. */
const NEAR_BEGINNING_PX = 600

/**
 * @summary The messages of the open conversation. Follows the end unless the reader scrolled up.
 * @slot - Shown in place of messages while there are none.
 * @slot footer - Below the last message.
 * @csspart messages - The scrolling area.
 * @csspart jump - The button back to the latest message.
 */
export class ChatMessageList extends ViewElement {
  static override styles = [shared, chatMessageListStyles]

  @property({ attribute: false }) messages: readonly ChatMessage[] = []
  /** Ids of all versions of each message, where there are several. */
  @property({ attribute: false }) versions: VersionMap = new Map()
  @property({ attribute: false }) phase: ChatPhase = 'idle'
  /** Questions that may follow the last answer. */
  @property({ attribute: false }) followUps: readonly string[] = []
  /** Nothing can be asked for now. */
  @property({ attribute: false }) limited = false
  /** Longest question, in UTF-16 code units; null while unknown. */
  @property({ attribute: false }) maxLength: number | null = null
  @property({ attribute: false }) stillWorking = false
  /** Place of the answer among those that wait for their turn, 1 for the next; null when it does not wait. */
  @property({ attribute: false }) queuePlace: number | null = null
  @property({ attribute: false }) policy: ContentPolicy = STRICT
  @property({ attribute: false }) strings: ChatStrings = en

  /** What the live region says: whole answers, never parts of one. */
  @state() private announcement = ''
  @query('.scroller') private readonly scroller!: HTMLElement | null

  readonly #window = new MessageWindow()
  /** The code for messages did not come. */
  #isWithoutParts = false
  /** The first message when older ones were asked for; they are asked for once. */
  #askedBefore: string | null = null
  /** The version that the reader just asked for, until it is shown. */
  #chosen: ChatRequests['select-version'] | null = null

  readonly #follow = new FollowController(this, () => (this.messages.length > 0 ? this.scroller : null))

  protected override render(): View {
    const { strings } = this
    return html`<div
        part="messages"
        class="scroller"
        tabindex="0"
        role="region"
        aria-label=${strings.messages}
        @scroll=${this.#onScroll}
      >
        <div class="content" @chat-widget-request=${this.#onRequest} @chat-widget-grew=${this.#onGrew}>
          ${this.messages.length === 0 ? html`<slot></slot>` : this.#shown()}
          <slot name="footer"></slot>
          ${this.followUps.length > 0 && this.messages.length > 0 ? this.#followUps() : nothing}
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

  #shown(): View {
    const from = this.#window.from(this.messages)
    // Nothing writes the answer to a question that waits for the line.
    const shown = this.messages.slice(from, this.messages.at(-2)?.status === 'queued' ? -1 : undefined)
    return shown.map((message, index) => [this.#day(message, from + index), this.#message(message)])
  }

  /** Near its beginning the conversation goes on upwards: with what is here, then with what the server has. */
  readonly #onScroll = (): void => {
    const { scroller, messages } = this
    if (!scroller || scroller.scrollTop > NEAR_BEGINNING_PX) return
    const [first] = messages
    if (this.#window.from(messages) > 0) {
      void this.#showOlder(scroller)
    } else if (first && first.parentId !== null && first.id !== this.#askedBefore) {
      this.#askedBefore = first.id
      request(this, 'older-messages', null)
    }
  }

  async #showOlder(scroller: HTMLElement): Promise<void> {
    await holdPlace(scroller, this.renderRoot.querySelectorAll('chat-widget-message'), () => {
      this.#window.extend(this.messages)
      this.requestUpdate()
      return this.updateComplete
    })
  }

  readonly #onGrew = (event: Event): void => {
    event.stopPropagation()
    this.#follow[this.phase === 'idle' ? 'grew' : 'grewAlone']()
  }

  #followUps(): View {
    return html`<ul key="follow-ups" class="follow-ups" aria-label=${this.strings.followUps}>
      ${this.followUps.map(
        (text) =>
          html`<li key=${text}>
            <button
              class="follow-up"
              ?disabled=${this.limited}
              @click=${() => request(this, 'send', { text })}
            >
              ${text}
            </button>
          </li>`,
      )}
    </ul>`
  }

  /** What day it was, above the first message of a day; nothing where all are of today. */
  #day({ id, createdAt: time }: ChatMessage, index: number): View {
    const now = Date.now()
    const before = this.messages[index - 1]?.createdAt ?? now
    // Where the visitor's clock is behind, what is still to come is of today, too.
    if (daysBetween(Math.min(before, now), Math.min(time, now)) === 0) return nothing
    const day = dayWords(time, now, this.strings.language)
    return html`<p key="day-${id}" class="day">
      <time datetime=${new Date(time).toISOString()}>${day}</time>
    </p>`
  }

  #message(message: ChatMessage): View {
    const last = message === this.messages.at(-1)
    return html`<chat-widget-message
      key=${message.id}
      exportparts="message, actions"
      data-id=${message.id}
      data-role=${message.role}
      .message=${message}
      .last=${last}
      .ready=${this.phase === 'idle' && !this.limited}
      .versions=${this.versions.get(message.id) ?? NO_VERSIONS}
      .maxLength=${this.maxLength}
      .activity=${last ? this.#activity() : ''}
      .policy=${this.policy}
      .strings=${this.strings}
      >${this.#plainWords(message)}</chat-widget-message
    >`
  }

  /** Until there is what shows messages, their beginnings stand alone; where it does not come, all of their words. */
  #plainWords({ content }: ChatMessage): View {
    if (messageParts.loaded) return nothing
    return this.#isWithoutParts ? content : beginningOf(content)
  }

  #activity(): string {
    if (this.phase === 'reconnecting') return this.strings.reconnecting
    if (this.queuePlace !== null)
      return this.strings.inQueue(formatNumber(this.queuePlace, this.strings.language))
    return this.stillWorking ? this.strings.stillWorking : ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('messages')
    // A question of one's own is always worth going to; so is another conversation. A version that was chosen is looked at.
    if (!before || this.#chosen || !isOtherEnd(before, this.messages)) return
    this.#follow.follow()
    // What was told of may be of somebody who has gone.
    this.announcement = ''
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('messages')
    if (before?.length !== this.messages.length && this.messages.length > 0) {
      void this.#loadParts()
      // The frame after the next, the end is where it shall be. Where everything is in sight, there is nothing to scroll by.
      requestAnimationFrame(() => requestAnimationFrame(this.#onScroll))
    }
    if (before) this.#goToChosen()
    const ended = before && endedSince(before, this.messages)
    if (ended) void this.#announce(ended)
  }

  /** Another version is another message: the focus goes to the same button of it. */
  #goToChosen(): void {
    const chosen = this.#chosen
    const element = chosen && this.#element(chosen.messageId)
    if (!element) return
    this.#chosen = null
    element.scrollIntoView({ block: 'nearest' })
    void element.focusVersion(chosen.step)
  }

  readonly #onRequest = (event: Event): void => {
    if (isRequest(event, 'select-version')) {
      this.#chosen = event.detail
      this.#follow.stay()
    }
  }

  /** Without them the words of every message can still be read; the next message asks again. */
  async #loadParts(): Promise<void> {
    if (messageParts.loaded) return
    await messageParts.load().catch(() => (this.#isWithoutParts = true))
    this.requestUpdate()
  }

  #element(id: string): ChatMessageElement | null {
    if (!messageParts.loaded) return null
    return this.renderRoot.querySelector(`[data-id="${CSS.escape(id)}"]`)
  }

  async #announce({ id, content }: ChatMessage): Promise<void> {
    this.announcement = beginningOf((await this.#element(id)?.spokenText()) ?? content)
  }
}
