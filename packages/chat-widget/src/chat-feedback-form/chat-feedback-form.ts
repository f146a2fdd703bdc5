import type { MessageFeedback } from '@colloquy/chat-core/protocol'
import { property, query } from '../rendering/properties.js'
import { en } from '../locale/en.js'
import type { ChatStrings } from '../locale/strings.js'
import { isSendKey } from '../keyboard/send-key.js'
import { ViewElement } from '../rendering/view-element.js'
import { html, type View } from '../rendering/view.js'
import { shared } from '../theme/shared.styles.js'
import { chatFeedbackFormStyles } from './chat-feedback-form.styles.js'

/** Longest comment that the server takes. */
const MAX_COMMENT = 2_000

/** The form can go: with a comment, or with null when there is none. */
export class CommentDoneEvent extends Event {
  static readonly type = 'chat-widget-comment-done'

  constructor(readonly comment: string | null) {
    super(CommentDoneEvent.type)
  }
}

/**
 * @summary A word on why an answer is good or bad, for those who want to say one. Enter sends it, Escape leaves it.
 * @fires chat-widget-comment-done - The form can go.
 */
export class ChatFeedbackForm extends ViewElement {
  static override styles = [shared, chatFeedbackFormStyles]

  @property({ attribute: false }) rating: MessageFeedback['rating'] = 'up'
  /** What was said before. */
  @property({ attribute: false }) comment = ''
  @property({ attribute: false }) strings: ChatStrings = en

  @query('textarea') private readonly input!: HTMLTextAreaElement | null

  override focus(options?: FocusOptions): void {
    this.input?.focus(options)
  }

  protected override firstUpdated(): void {
    this.scrollIntoView({ block: 'nearest' })
  }

  protected override render(): View {
    const { strings } = this
    return html`<form @submit=${this.#onSubmit} @keydown=${this.#onKeyDown}>
      <label for="comment">${this.rating === 'up' ? strings.whatWasGood : strings.whatWasBad}</label>
      <textarea
        id="comment"
        rows="2"
        enterkeyhint="send"
        maxlength=${MAX_COMMENT}
        .value=${this.comment}
      ></textarea>
      <div class="buttons">
        <button class="button quiet" type="button" @click=${() => this.#done(null)}>${strings.skip}</button>
        <button class="button primary" type="submit">${strings.sendComment}</button>
      </div>
    </form>`
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault()
    const comment = this.input?.value.trim() ?? ''
    this.#done(comment === '' ? null : comment)
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.target === this.input && isSendKey(event)) this.#onSubmit(event)
    if (event.key !== 'Escape' || event.isComposing) return
    // The first Escape is for the form alone.
    event.stopPropagation()
    event.preventDefault()
    this.#done(null)
  }

  #done(comment: string | null): void {
    this.dispatchEvent(new CommentDoneEvent(comment))
  }
}
