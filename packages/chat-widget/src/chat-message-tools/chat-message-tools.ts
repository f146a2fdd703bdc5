import type { ChatMessage } from '@colloquy/chat-core'
import type { MessageFeedback } from '@colloquy/chat-core/protocol'
import { property, query, state } from '../rendering/properties.js'
import type { ChatFeedbackForm, CommentDoneEvent } from '../chat-feedback-form/chat-feedback-form.js'
import { en } from '../locale/en.js'
import { formatNumber } from '../locale/format.js'
import { clockTime, longTime } from '../locale/moments.js'
import type { ChatStrings } from '../locale/strings.js'
import { copyText } from '../platform/copy-text.js'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { messageIcons } from '../theme/message-icons.js'
import { toolIcons } from '../theme/tool-icons.js'
import { shared } from '../theme/shared.styles.js'
import { chatMessageToolsStyles } from './chat-message-tools.styles.js'

type Rating = MessageFeedback['rating']

const COPIED_MS = 2_000

/** The visitor wants to change the question. */
export class EditStartEvent extends Event {
  static readonly type = 'chat-widget-edit-start'

  constructor() {
    super(EditStartEvent.type)
  }
}

/**
 * @summary What can be done with one message: choose a version, copy, ask or write it anew, call it good or bad; and when it was written.
 * @fires chat-widget-edit-start - The question shall be changed.
 * @csspart actions - The row of buttons.
 */
export class ChatMessageTools extends ViewElement {
  static override styles = [shared, chatMessageToolsStyles]

  @property({ attribute: false }) message!: ChatMessage
  /** Ids of all versions of the message, itself included, oldest first. */
  @property({ attribute: false }) versions: readonly string[] = []
  /** A question may be written anew. */
  @property({ attribute: false }) editable = false
  /** An answer may be asked for once more. */
  @property({ attribute: false }) regenerable = false
  /** An answer may be called good or bad. */
  @property({ attribute: false }) rateable = false
  @property({ attribute: false }) strings: ChatStrings = en

  @state() private copied = false
  /** The thumb that the reader may say more about now. */
  @state() private commenting: Rating | null = null
  /** A comment was sent just now. */
  @state() private thanked = false
  @query('chat-widget-feedback-form') private readonly form!: ChatFeedbackForm | null

  /** Puts the focus on the way to the next (1) or the previous (-1) version. */
  focusVersion(step: 1 | -1): void {
    this.renderRoot.querySelector<HTMLElement>(step === 1 ? '.next' : '.previous')?.focus()
  }

  /** Puts the focus back where the editing began. */
  focusEdit(): void {
    this.renderRoot.querySelector<HTMLElement>('.edit')?.focus()
  }

  protected override render(): View {
    const { message } = this
    return html`<div part="actions" class="tools ${message.role}">
        ${this.versions.length > 1 ? this.#versions() : nothing}
        ${message.content === '' ? nothing : this.#copyButton()}
        ${
          this.regenerable
            ? this.#button('regenerate', this.strings.regenerate, messageIcons.retry, () =>
                request(this, 'regenerate', { messageId: message.id }),
              )
            : nothing
        }
        ${
          this.editable
            ? this.#button('edit', this.strings.editMessage, toolIcons.pencil, () =>
                this.dispatchEvent(new EditStartEvent()),
              )
            : nothing
        }
        ${this.rateable ? [this.#thumb('up'), this.#thumb('down')] : nothing} ${this.#time()}
      </div>
      ${this.commenting ? this.#commentForm(this.commenting) : nothing}
      <p class="thanks" role="status">${this.thanked ? this.strings.thanks : nothing}</p>`
  }

  #button(name: string, label: string, icon: View, onClick: () => void): View {
    return html`<button
      class="icon-button reveal ${name}"
      type="button"
      aria-label=${label}
      title=${label}
      @click=${onClick}
    >
      ${icon}
    </button>`
  }

  #thumb(rating: Rating): View {
    const { strings } = this
    const label = rating === 'up' ? strings.goodAnswer : strings.badAnswer
    const isGiven = this.message.feedback?.rating === rating
    return html`<button
      class="icon-button thumb ${rating} ${isGiven ? 'given' : 'reveal'}"
      type="button"
      aria-label=${label}
      title=${label}
      aria-pressed=${isGiven}
      @click=${() => this.#rate(rating)}
    >
      ${rating === 'up' ? toolIcons.thumbUp : toolIcons.thumbDown}
    </button>`
  }

  /** The thumb counts at once; a word on why is up to the reader. */
  #rate(rating: Rating): void {
    const { feedback, id } = this.message
    if (feedback?.rating !== rating) request(this, 'feedback', { messageId: id, rating, comment: null })
    this.commenting = this.commenting === rating ? null : rating
    this.thanked = false
    void this.updateComplete.then(() => this.form?.updateComplete).then(() => this.form?.focus())
  }

  #commentForm(rating: Rating): View {
    const { feedback } = this.message
    return html`<chat-widget-feedback-form
      .rating=${rating}
      .comment=${feedback?.rating === rating ? (feedback.comment ?? '') : ''}
      .strings=${this.strings}
      @chat-widget-comment-done=${this.#onComment}
    ></chat-widget-feedback-form>`
  }

  readonly #onComment = ({ comment }: CommentDoneEvent): void => {
    const rating = this.commenting
    this.commenting = null
    this.thanked = comment !== null
    if (rating === null) return
    if (comment !== null) request(this, 'feedback', { messageId: this.message.id, rating, comment })
    this.renderRoot.querySelector<HTMLElement>(`.${rating}`)?.focus()
  }

  #copyButton(): View {
    const label = this.copied ? this.strings.copied : this.strings.copy
    return this.#button(
      'copy',
      label,
      this.copied ? toolIcons.check : toolIcons.copy,
      () => void this.#copy(),
    )
  }

  #versions(): View {
    const { strings, versions } = this
    const number = (value: number): string => formatNumber(value, strings.language)
    const at = versions.indexOf(this.message.id) + 1
    return html`<div
      class="versions"
      role="group"
      aria-label=${strings.version(number(at), number(versions.length))}
    >
      ${this.#step(-1, 'previous', strings.previousVersion)}
      <span aria-hidden="true">${number(at)}/${number(versions.length)}</span>
      ${this.#step(1, 'next', strings.nextVersion)}
    </div>`
  }

  /** Not `disabled` at the ends: a disabled button would lose the focus in the middle of stepping through. */
  #step(step: 1 | -1, name: string, label: string): View {
    const messageId = this.versions[this.versions.indexOf(this.message.id) + step]
    return html`<button
      class="icon-button ${name}"
      type="button"
      aria-label=${label}
      title=${label}
      aria-disabled=${messageId === undefined}
      @click=${() => messageId !== undefined && request(this, 'select-version', { messageId, step })}
    >
      ${icons.back}
    </button>`
  }

  #time(): View {
    const { createdAt } = this.message
    const { language } = this.strings
    return html`<time
      class="reveal"
      datetime=${new Date(createdAt).toISOString()}
      title=${longTime(createdAt, language)}
      >${clockTime(createdAt, language)}</time
    >`
  }

  async #copy(): Promise<void> {
    if (!(await copyText(this.message.content))) return
    this.copied = true
    setTimeout(() => (this.copied = false), COPIED_MS)
  }
}
