import type { ChatMessage as Message } from '@colloquy/chat-core'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { property, query, state } from '@lit/reactive-element/decorators.js'
import type { ContentPolicy } from '../chat-markdown/chat-markdown.js'
import { en } from '../locale/en.js'
import { errorWords } from '../locale/format.js'
import type { ChatStrings, ErrorWords } from '../locale/strings.js'
import { copyText } from '../platform/copy-text.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { shared } from '../theme/shared.styles.js'
import { chatMessageStyles } from './chat-message.styles.js'

const COPIED_MS = 2_000
const OPEN: ReadonlySet<Message['status']> = new Set(['sending', 'streaming'])

/**
 * @summary One question or answer, with what can be done about it.
 * @csspart message - The words of a question, or the whole of an answer.
 * @csspart actions - The buttons below an answer.
 */
export class ChatMessage extends ViewElement {
  static override styles = [shared, chatMessageStyles]

  @property({ attribute: false }) message!: Message
  /** Asking again is possible: it is the last answer, and nothing is under way. */
  @property({ type: Boolean }) retryable = false
  /** Replaces the words of the typing indicator, for example while reconnecting. */
  @property({ attribute: false }) activity = ''
  @property({ attribute: false }) policy: ContentPolicy = { allowHtml: false, imageHosts: new Set() }
  @property({ attribute: false }) strings: ChatStrings = en

  @state() private copied = false
  @query('.body') private readonly body!: HTMLElement | null

  /** What a screen reader says when the answer has ended: the words as shown, without marks. */
  spokenText(): string {
    return this.body?.shadowRoot?.textContent?.replace(/\s+/g, ' ').trim() ?? this.message.content
  }

  protected override render(): View {
    return this.message.role === 'user' ? this.#question() : this.#answer()
  }

  #question(): View {
    const { message, strings } = this
    return html`<article class="question" aria-label=${strings.you}>
      <div part="message" class="bubble">${message.content}</div>
      ${message.status === 'queued' ? html`<p class="state">${strings.queued}</p>` : nothing}
      ${message.status === 'failed' ? html`<p class="state failed">${strings.notSent}</p>` : nothing}
    </article>`
  }

  #answer(): View {
    const { message, strings } = this
    const open = OPEN.has(message.status)
    return html`<article part="message" class="answer" aria-label=${strings.assistant} aria-busy=${open}>
      ${
        message.content === ''
          ? nothing
          : html`<chat-widget-markdown
              class="body"
              .text=${message.content}
              .done=${!open}
              .policy=${this.policy}
              .strings=${strings}
            ></chat-widget-markdown>`
      }
      ${open && (message.content === '' || this.activity !== '') ? this.#typing() : nothing}
      ${this.#outcome()} ${open ? nothing : this.#actions()}
    </article>`
  }

  #typing(): View {
    const words = this.activity || this.strings.writing
    return html`<p class="typing">
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
      <span class=${this.activity ? 'activity' : 'spoken'}>${words}</span>
    </p>`
  }

  /** How the answer ended, unless it simply did. */
  #outcome(): View {
    const { message, strings } = this
    if (message.status === 'stopped') return html`<p class="state">${strings.stopped}</p>`
    const words = problemWords(message, strings)
    if (!words) return nothing
    return html`<div class="problem">
      ${icons.alert}
      <p><strong>${words.what}</strong> ${words.next}</p>
    </div>`
  }

  #actions(): View {
    const { message, strings } = this
    const isWhole = message.status === 'done' || message.status === 'blocked'
    const copy = message.content === '' ? nothing : this.#copyButton()
    const retry =
      this.retryable && !isWhole
        ? html`<button class="button quiet" @click=${() => request(this, 'retry', { messageId: message.id })}>
            ${icons.retry} ${strings.retry}
          </button>`
        : nothing
    if (copy === nothing && retry === nothing) return nothing
    return html`<div part="actions" class="actions">${retry} ${copy}</div>`
  }

  #copyButton(): View {
    const label = this.copied ? this.strings.copied : this.strings.copy
    return html`<button class="icon-button copy" aria-label=${label} title=${label} @click=${this.#copy}>
      ${this.copied ? icons.check : icons.copy}
    </button>`
  }

  readonly #copy = async (): Promise<void> => {
    if (!(await copyText(this.message.content))) return
    this.copied = true
    setTimeout(() => (this.copied = false), COPIED_MS)
  }
}

/** What to say about an answer that did not end well, or null. */
function problemWords({ status, error }: Message, strings: ChatStrings): ErrorWords | null {
  if (status !== 'failed' && status !== 'interrupted' && status !== 'blocked') return null
  if (error) return errorWords(error, strings)
  if (status === 'interrupted') return strings.interrupted
  return strings.errors[status === 'blocked' ? 'policy' : 'upstream'](null)
}
