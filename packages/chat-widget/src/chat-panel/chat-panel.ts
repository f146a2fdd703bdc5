import type { ChatSnapshot } from '@colloquy/chat-core'
import type { ChatComposer } from '../chat-composer/chat-composer.js'
import type { ChatConversationList } from '../chat-conversation-list/chat-conversation-list.js'
import type { Found } from '../chat-conversation-list/matching.js'
import type { VersionMap } from '../controllers/chat-controller.js'
import { CountdownController } from '../controllers/countdown-controller.js'
import type { Notice } from '../controllers/notice-controller.js'
import { property, query } from '../rendering/properties.js'
import { ViewElement } from '../rendering/view-element.js'
import { html, type View } from '../rendering/view.js'
import { shared } from '../theme/shared.styles.js'
import { chatPanelStyles } from './chat-panel.styles.js'
import { greeting } from './greeting.js'
import { DEFAULTS, type PanelOptions, type PanelView } from './options.js'
import { panelHeader } from './panel-header.js'
import { failureBar, isSwitchedOff, passingNotice, standingNotices } from './panel-notices.js'

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
    else if (isSwitchedOff(this.snapshot) || matchMedia('(pointer: coarse)').matches)
      this.firstButton?.focus()
    else this.composer?.focus()
  }

  protected override render(): View {
    return html`${panelHeader(this)} ${standingNotices(this.snapshot, this.options.strings)}
      ${this.view === 'conversations' ? this.#conversations() : this.#messages()}
      ${passingNotice(this, this.notice)}
      <div ?hidden=${this.view === 'conversations'}>
        ${failureBar(this, this.snapshot, this.options.strings)}
        <chat-widget-composer
          exportparts="composer, input, send"
          .closed=${isSwitchedOff(this.snapshot)}
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

  #messages(): View {
    const { snapshot, options } = this
    return html`<chat-widget-message-list
      exportparts="messages, jump, message, actions"
      .messages=${snapshot.messages}
      .versions=${this.versions}
      .followUps=${this.followUps}
      .maxLength=${snapshot.session?.limits.max_message_chars ?? null}
      .phase=${snapshot.phase}
      .limited=${isSwitchedOff(this.snapshot) || this.#countdown.left(this.waitUntil) > 0}
      .stillWorking=${snapshot.stillWorking}
      .queuePlace=${snapshot.queuePlace}
      .policy=${options.policy}
      .strings=${options.strings}
    >
      ${snapshot.messages.length > 0 ? html`<slot name="message-footer" slot="footer"></slot>` : snapshot.loading ? this.#loading() : greeting(this)}
    </chat-widget-message-list>`
  }

  #loading(): View {
    return html`<div class="loading" role="status">
      <span class="spoken">${this.options.strings.loading}</span><i></i><i></i><i></i>
    </div>`
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
}
