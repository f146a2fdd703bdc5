import type { ChatSnapshot } from '@colloquy/chat-core'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { property, query } from '../rendering/properties.js'
import type { ChatComposer } from '../chat-composer/chat-composer.js'
import type { ChatConversationList } from '../chat-conversation-list/chat-conversation-list.js'
import type { Found } from '../chat-conversation-list/matching.js'
import type { Notice } from '../controllers/notice-controller.js'
import type { VersionMap } from '../controllers/chat-controller.js'
import { CountdownController } from '../controllers/countdown-controller.js'
import { toldByPage } from '../events/events.js'
import { deadlineOf } from '../limits/deadline.js'
import { en } from '../locale/en.js'
import { errorWords } from '../locale/format.js'
import type { ChatStrings } from '../locale/strings.js'
import { moveWithArrows } from '../keyboard/arrow-keys.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { STRICT, type ContentPolicy } from '../settings/content-policy.js'
import { shared } from '../theme/shared.styles.js'
import { chatPanelStyles } from './chat-panel.styles.js'

/** What the panel shows below its header. */
export type PanelView = 'messages' | 'conversations'

/** What the site chose for the panel. */
export interface PanelOptions {
  readonly heading: string
  readonly greeting: string
  readonly placeholder: string
  readonly closable: boolean
  readonly policy: ContentPolicy
  readonly strings: ChatStrings
}

/**
 * @summary Header, messages or conversations, notices and composer: everything but the launcher.
 * @slot header - Replaces the heading.
 * @slot empty - Replaces greeting and suggestions.
 * @slot message-footer - Below the last message.
 * @slot footer - Below the composer.
 * @csspart header - The bar at the top.
 * @csspart heading - The name in it.
 * @csspart empty - Greeting and suggestions.
 */
export class ChatPanel extends ViewElement {
  static override styles = [shared, chatPanelStyles]

  @property({ attribute: false }) snapshot!: ChatSnapshot
  /** Ids of all versions of each message, where there are several. */
  @property({ attribute: false }) versions: VersionMap = new Map()
  /** What is written and not sent. */
  @property({ attribute: false }) draft = ''
  /** When a limit that was reached lets the visitor ask again, in milliseconds since 1970; null when none was. */
  @property({ attribute: false }) waitUntil: number | null = null
  /** What the search for conversations found, when the server has answered. */
  @property({ attribute: false }) found: Found | null = null
  /** Questions that may follow the last answer. */
  @property({ attribute: false }) followUps: readonly string[] = []
  /** What the visitor shall know now. */
  @property({ attribute: false }) notice: Notice | null = null
  @property({ attribute: false }) view: PanelView = 'messages'
  @property({ attribute: false }) options: PanelOptions = DEFAULTS

  @query('chat-widget-composer') private readonly composer!: ChatComposer | null
  @query('chat-widget-conversation-list') private readonly list!: ChatConversationList | null
  @query('.back') private readonly firstButton!: HTMLElement | null

  readonly #countdown = new CountdownController(this)

  /** Puts the caret into the text. */
  focusComposer(): void {
    this.composer?.focus()
  }

  /** Puts the focus where a visitor goes on: into the text, or on the first button where that would raise a keyboard. */
  override focus(): void {
    // A list that has just come to life has nothing to focus yet.
    if (this.view === 'conversations') void this.list?.updateComplete.then(() => this.list?.focus())
    else if (this.#isSwitchedOff() || matchMedia('(pointer: coarse)').matches) this.firstButton?.focus()
    else this.composer?.focus()
  }

  protected override render(): View {
    return html`${this.#header()} ${this.#notices()}
      ${this.view === 'conversations' ? this.#conversations() : this.#messages()} ${this.#notice()}
      <div ?hidden=${this.view === 'conversations'}>
        ${this.#failure()}
        <chat-widget-composer
          exportparts="composer, input, send"
          .closed=${this.#isSwitchedOff()}
          .busy=${this.snapshot.phase !== 'idle'}
          .text=${this.draft}
          .waitUntil=${this.waitUntil}
          .placeholder=${this.options.placeholder}
          .maxLength=${this.snapshot.session?.limits.max_message_chars ?? null}
          .strings=${this.options.strings}
        ></chat-widget-composer>
        <slot name="footer"></slot>
      </div>`
  }

  #header(): View {
    const { strings, heading, closable } = this.options
    const inList = this.view === 'conversations'
    return html`<header part="header">
      <button
        class="icon-button back"
        aria-label=${inList ? strings.backToChat : strings.conversations}
        title=${inList ? strings.backToChat : strings.conversations}
        @click=${() => request(this, inList ? 'show-messages' : 'show-conversations', null)}
      >
        ${inList ? icons.back : icons.list}
      </button>
      <div class="heading">
        <slot name="header"><h2 part="heading">${inList ? strings.conversations : heading}</h2></slot>
        ${!inList && this.snapshot.session?.features.demo ? html`<span class="demo" title=${strings.demoHint}>${strings.demo}</span>` : nothing}
      </div>
      <button
        class="icon-button"
        aria-label=${strings.newConversation}
        title=${strings.newConversation}
        @click=${() => request(this, 'new-conversation', null)}
      >
        ${icons.compose}
      </button>
      ${
        closable
          ? html`<button
              class="icon-button"
              aria-label=${strings.closeChat}
              title=${strings.closeChat}
              @click=${() => request(this, 'close', null)}
            >
              ${icons.close}
            </button>`
          : nothing
      }
    </header>`
  }

  #notices(): View {
    const { offline, switchedOff } = this.options.strings
    const notice = (icon: View, words: string): View =>
      html`<p class="notice">${icon}<span>${words}</span></p>`
    return html`<div role="status">
      ${this.snapshot.online ? nothing : notice(icons.offline, offline)}
      ${this.#isSwitchedOff() ? notice(icons.alert, switchedOff) : nothing}
    </div>`
  }

  /** By the operator, for everybody or for this visitor. */
  #isSwitchedOff(): boolean {
    return this.snapshot.session?.features.chat === false
  }

  #notice(): View {
    const { notice } = this
    const hold = (held: boolean) => () => request(this, 'hold-notice', { held })
    return html`<div role="status">
      ${
        notice
          ? html`<div
              class="toast"
              @pointerenter=${hold(true)}
              @pointerleave=${hold(false)}
              @focusin=${hold(true)}
              @focusout=${hold(false)}
            >
              <p>${notice.words}</p>
              ${
                notice.action
                  ? html`<button class="button" @click=${() => request(this, 'act-on-notice', null)}>
                      ${notice.action.label}
                    </button>`
                  : nothing
              }
            </div>`
          : nothing
      }
    </div>`
  }

  #messages(): View {
    const { snapshot, options } = this
    return html`<chat-widget-message-list
      exportparts="messages, jump, message, actions"
      .messages=${snapshot.messages}
      .versions=${this.versions}
      .followUps=${this.followUps}
      .maxLength=${snapshot.session?.limits.max_message_chars ?? null}
      .phase=${snapshot.phase}
      .limited=${this.#isSwitchedOff() || this.#countdown.left(this.waitUntil) > 0}
      .stillWorking=${snapshot.stillWorking}
      .queuePlace=${snapshot.queuePlace}
      .policy=${options.policy}
      .strings=${options.strings}
    >
      ${snapshot.messages.length > 0 ? html`<slot name="message-footer" slot="footer"></slot>` : snapshot.loading ? this.#loading() : this.#empty()}
    </chat-widget-message-list>`
  }

  #loading(): View {
    return html`<div class="loading" role="status">
      <span class="spoken">${this.options.strings.loading}</span><i></i><i></i><i></i>
    </div>`
  }

  #empty(): View {
    const { strings, greeting } = this.options
    const { session } = this.snapshot
    const suggestions = this.#isSwitchedOff() ? [] : (session?.suggestions ?? [])
    return html`<div part="empty" class="empty">
      <slot name="empty">
        <span class="mark">${icons.spark}</span>
        <h3>${greeting || session?.greeting || strings.greeting}</h3>
        ${suggestions.length > 0 ? html`<p>${strings.emptyHint}</p>` : nothing}
        <ul aria-label=${strings.suggestions} @keydown=${this.#onArrow}>
          ${suggestions.map(
            (text) =>
              html`<li>
                <button class="suggestion" @click=${() => request(this, 'send', { text })}>
                  <span>${text}</span>${icons.arrowUpRight}
                </button>
              </li>`,
          )}
        </ul>
        ${session?.features.demo ? html`<p class="demo-hint">${strings.demoHint}</p>` : nothing}
      </slot>
    </div>`
  }

  readonly #onArrow = (event: KeyboardEvent): void => {
    moveWithArrows(event, [...this.renderRoot.querySelectorAll<HTMLElement>('.suggestion')])
  }

  #conversations(): View {
    const { snapshot, options } = this
    return html`<chat-widget-conversation-list
      exportparts="conversations"
      .conversations=${snapshot.conversations}
      .found=${this.found}
      .current=${snapshot.conversationId}
      .strings=${options.strings}
    ></chat-widget-conversation-list>`
  }

  /** A failure that no message tells of: the session did not start, the history did not load. */
  #failure(): View {
    const { snapshot, options } = this
    const { error } = snapshot
    const told = snapshot.messages.at(-1)?.error ?? null
    const shown =
      error && error.code !== 'offline' && error.code !== 'stopped' && !told && !toldByPage.has(error)
    const deadline = error && deadlineOf(error)
    const left = deadline === null ? null : Math.max(0, deadline - Date.now())
    const words = shown ? errorWords(error, options.strings, left) : null
    return html`<div role="alert">
      ${
        words
          ? html`<div class="failure">
              ${icons.alert}
              <p><strong>${words.what}</strong> ${words.next}</p>
              <button class="button quiet" @click=${() => request(this, 'reconnect', null)}>
                ${options.strings.tryAgain}
              </button>
            </div>`
          : nothing
      }
    </div>`
  }
}

const DEFAULTS: PanelOptions = {
  heading: en.heading,
  greeting: '',
  placeholder: '',
  closable: true,
  policy: STRICT,
  strings: en,
}
