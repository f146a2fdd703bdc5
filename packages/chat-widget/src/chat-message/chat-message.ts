import type { ChatMessage as Message } from '@colloquy/chat-core'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { property, query, state } from '../rendering/properties.js'
import type { ChatMarkdown } from '../chat-markdown/chat-markdown.js'
import { CountdownController } from '../controllers/countdown-controller.js'
import { deadlineOf } from '../limits/deadline.js'
import { en } from '../locale/en.js'
import { errorWords } from '../locale/format.js'
import type { ChatStrings, ErrorWords } from '../locale/strings.js'
import type { ChatMessageTools } from '../chat-message-tools/chat-message-tools.js'
import type { EditorDoneEvent } from '../chat-message-editor/chat-message-editor.js'
import { toolParts } from '../parts/tools-on-demand.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { messageIcons } from '../theme/message-icons.js'
import { STRICT, type ContentPolicy } from '../settings/content-policy.js'
import { shared } from '../theme/shared.styles.js'
import { chatMessageStyles } from './chat-message.styles.js'

const OPEN: ReadonlySet<Message['status']> = new Set(['sending', 'streaming'])
const RETRYABLE: ReadonlySet<Message['status']> = new Set(['failed', 'interrupted', 'stopped'])
const EDITABLE: ReadonlySet<Message['status']> = new Set(['sent', 'failed', 'stopped'])

/** In UTF-16 code units; who says it takes away what is too much. */
const MOST_SPOKEN = 20_000

/**
 * @summary One question or answer, with what can be done about it.
 * @csspart message - The words of a question, or the whole of an answer.
 * @csspart actions - The buttons below a message.
 */
export class ChatMessage extends ViewElement {
  static override styles = [shared, chatMessageStyles]

  @property({ attribute: false }) message!: Message
  /** Nothing is under way, so that a question can be asked. */
  @property({ attribute: false }) ready = false
  /** It is the last of the conversation. */
  @property({ reflect: true }) last = false
  /** Ids of all its versions, itself included, oldest first. */
  @property({ attribute: false }) versions: readonly string[] = []
  /** Longest question, in UTF-16 code units; null while unknown. */
  @property({ attribute: false }) maxLength: number | null = null
  /** Replaces the words of the typing indicator, for example while reconnecting. */
  @property({ attribute: false }) activity = ''
  @property({ attribute: false }) policy: ContentPolicy = STRICT
  @property({ attribute: false }) strings: ChatStrings = en

  /** The question is being changed. */
  @state() private editing = false
  @query('.body') private readonly body!: ChatMarkdown | null
  @query('chat-widget-message-tools:defined') private readonly tools!: ChatMessageTools | null
  readonly #countdown = new CountdownController(this)

  constructor() {
    super()
    // A message can be read without them; the next one asks again.
    void toolParts.load().catch(() => undefined)
  }

  /** What a screen reader says when the answer has ended: the words as shown, without marks, once they are. */
  async spokenText(): Promise<string> {
    await this.updateComplete
    await this.body?.caughtUp()
    const problem = problemWords(this.message, this.strings, this.#leftOf(this.message))
    const words = this.body ? wordsIn(this.body.renderRoot) : this.message.content
    return [words, problem?.what, problem?.next].join(' ').replace(/\s+/g, ' ').trim()
  }

  /** Puts the focus on the way to the next (1) or the previous (-1) version. */
  async focusVersion(step: 1 | -1): Promise<void> {
    await this.updateComplete
    await this.tools?.updateComplete
    this.tools?.focusVersion(step)
  }

  protected override render(): View {
    return this.message.role === 'user' ? this.#question() : this.#answer()
  }

  #question(): View {
    const { message, strings } = this
    return html`<article class="question" aria-label=${strings.you}>
      ${
        this.editing
          ? html`<chat-widget-message-editor
              .original=${message.content}
              .maxLength=${this.maxLength}
              .strings=${strings}
              @chat-widget-editor-done=${this.#onEdited}
            ></chat-widget-message-editor>`
          : html`<div part="message" class="bubble">${message.content}</div>`
      }
      ${message.status === 'queued' ? html`<p class="state">${strings.queued}</p>` : nothing}
      ${message.status === 'failed' ? html`<p class="state failed">${strings.notSent}</p>` : nothing}
      ${this.editing ? nothing : this.#tools()}
    </article>`
  }

  #tools(): View {
    const { message } = this
    const isQuestion = message.role === 'user'
    return html`<chat-widget-message-tools
      exportparts="actions"
      .message=${message}
      .versions=${this.versions}
      .editable=${this.ready && isQuestion && EDITABLE.has(message.status)}
      .regenerable=${this.ready && !isQuestion && !this.#mayRetry()}
      .rateable=${!isQuestion && message.content !== '' && message.status !== 'failed'}
      .strings=${this.strings}
      @chat-widget-edit-start=${() => (this.editing = true)}
    ></chat-widget-message-tools>`
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
    const words = problemWords(message, strings, this.#leftOf(message))
    if (!words) return nothing
    return html`<div class="problem">
      ${icons.alert}
      <p><strong>${words.what}</strong> ${words.next}</p>
    </div>`
  }

  /** Milliseconds until asking again makes sense; null when nobody knows. */
  #leftOf({ error }: Message): number | null {
    const deadline = error && deadlineOf(error)
    return deadline === null ? null : this.#countdown.left(deadline)
  }

  #actions(): View {
    const { message, strings } = this
    return html`${
      this.#mayRetry()
        ? html`<button
            class="button quiet retry"
            ?disabled=${!this.ready}
            @click=${() => request(this, 'retry', { messageId: message.id })}
          >
            ${messageIcons.retry} ${strings.retry}
          </button>`
        : nothing
    }${this.#tools()}`
  }

  #mayRetry(): boolean {
    return this.last && RETRYABLE.has(this.message.status)
  }

  readonly #onEdited = ({ text }: EditorDoneEvent): void => {
    this.editing = false
    if (text === null) void this.updateComplete.then(() => this.#focusEdit())
    else request(this, 'edit', { messageId: this.message.id, text })
  }

  async #focusEdit(): Promise<void> {
    await this.tools?.updateComplete
    this.tools?.focusEdit()
  }
}

/**
 * The words of an answer as one hears them: blocks apart, without our buttons, and no more of a very long one than anybody listens to. There
 * may be half a million nodes.
 */
function wordsIn(root: Node): string {
  const nodes = document.createTreeWalker(root)
  let words = ''
  while (words.length < MOST_SPOKEN && nodes.nextNode()) {
    const { currentNode: node } = nodes
    if (node instanceof Element) words += node.matches('a, code, del, em, strong') ? '' : ' '
    else if (node.parentNode?.nodeName !== 'BUTTON') words += node.nodeValue
  }
  return words
}

/** What to say about an answer that did not end well, or null. */
function problemWords(
  { status, error }: Message,
  strings: ChatStrings,
  left: number | null,
): ErrorWords | null {
  if (status !== 'failed' && status !== 'interrupted' && status !== 'blocked') return null
  if (error) return errorWords(error, strings, left)
  if (status === 'interrupted') return strings.interrupted
  return strings.errors[status === 'blocked' ? 'policy' : 'upstream'](null)
}
