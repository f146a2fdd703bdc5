import type { PropertyValues } from '../rendering/reactive-controller.js'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { property, query } from '../rendering/properties.js'
import { CountdownController } from '../controllers/countdown-controller.js'
import { isSendKey } from '../keyboard/send-key.js'
import { en } from '../locale/en.js'
import { formatNumber, waitWords } from '../locale/format.js'
import type { ChatStrings } from '../locale/strings.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { growingText } from '../theme/growing-text.styles.js'
import { shared } from '../theme/shared.styles.js'
import { chatComposerStyles } from './chat-composer.styles.js'

/** From this share of the limit on, the count is shown. */
const COUNT_FROM = 0.8

/**
 * @summary Where questions are written. Enter sends, Shift+Enter starts a line; while an answer is under way the
 * button stops it.
 * @csspart composer - The frame around text and button.
 * @csspart input - The text area.
 * @csspart send - The button.
 */
export class ChatComposer extends ViewElement {
  static override styles = [shared, growingText, chatComposerStyles]

  /** The chat is switched off: nothing can be written. */
  @property({ attribute: false }) closed = false
  /** An answer is under way. */
  @property({ attribute: false }) busy = false
  @property({ attribute: false }) placeholder = ''
  /** Longest question, in UTF-16 code units; null while unknown. */
  @property({ attribute: false }) maxLength: number | null = null
  /** What is written. */
  @property({ attribute: false }) text = ''
  /** When a limit that was reached lets the visitor ask again, in milliseconds since 1970; null when none was. */
  @property({ attribute: false }) waitUntil: number | null = null
  @property({ attribute: false }) strings: ChatStrings = en

  @query('textarea') private readonly input!: HTMLTextAreaElement | null
  readonly #countdown = new CountdownController(this)
  /** Milliseconds until something can be sent. */
  #left = 0
  /** A wait is over, and nothing was written since. */
  #waited = false
  /** The button that stops had the keyboard's focus, and is about to go. */
  #losesFocus = false

  /** Puts the caret into the text. */
  override focus(options?: FocusOptions): void {
    this.input?.focus(options)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOver = changed.get('busy') === true && !this.busy
    this.#losesFocus = isOver && this.renderRoot.querySelector('.send:focus-visible') !== null
    const before = this.#left
    this.#left = this.#countdown.left(this.waitUntil)
    if (this.#left > 0) this.#waited = false
    else if (before > 0) this.#waited = true
  }

  protected override updated(): void {
    if (this.#losesFocus) this.focus()
  }

  protected override render(): View {
    const { strings } = this
    const placeholder = this.placeholder || strings.placeholder
    return html`<form part="composer" class="frame" @submit=${this.#onSubmit}>
        <div class="grow">
          <div class="mirror" aria-hidden="true">${this.text}​</div>
          <textarea
            part="input"
            rows="1"
            enterkeyhint="send"
            aria-label=${strings.messageLabel}
            aria-describedby="hint"
            aria-invalid=${this.#over() > 0}
            ?disabled=${this.closed}
            placeholder=${placeholder}
            .value=${this.text}
            @input=${this.#onInput}
            @keydown=${this.#onKeyDown}
          ></textarea>
        </div>
        ${this.busy ? this.#stopButton() : this.#sendButton()}
      </form>
      <p class="hint" role="timer">
        ${this.#left > 0 ? strings.waiting(waitWords(this.#left, strings)) : nothing}
      </p>
      <p id="hint" class="hint ${this.#over() > 0 ? 'over' : ''}" aria-live="polite">${this.#hint()}</p>`
  }

  #sendButton(): View {
    return html`<button
      part="send"
      class="send"
      type="submit"
      aria-label=${this.strings.send}
      ?disabled=${!this.#maySend()}
    >
      ${icons.send}
    </button>`
  }

  /** The second click of two on the button that sent a moment ago is no wish to stop. */
  #stopButton(): View {
    return html`<button
      part="send"
      class="send"
      type="button"
      aria-label=${this.strings.stop}
      @click=${({ detail }: MouseEvent) => detail < 2 && request(this, 'stop', null)}
    >
      ${icons.stop}
    </button>`
  }

  #hint(): View {
    const { maxLength, strings } = this
    if (this.#waited) return strings.waitOver
    if (maxLength === null || this.text.length < maxLength * COUNT_FROM) return nothing
    const number = (value: number): string => formatNumber(value, strings.language)
    if (this.#over() > 0) return strings.tooLong(number(this.#over()))
    return strings.characters(number(this.text.length), number(maxLength))
  }

  #over(): number {
    return this.maxLength === null ? 0 : Math.max(0, this.text.length - this.maxLength)
  }

  #maySend(): boolean {
    return !this.busy && !this.closed && this.#left === 0 && this.text.trim() !== '' && this.#over() === 0
  }

  readonly #onInput = (): void => {
    this.#waited = false
    this.text = this.input?.value ?? ''
    request(this, 'draft', { text: this.text })
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (!isSendKey(event)) return
    event.preventDefault()
    this.#send()
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault()
    this.#send()
  }

  #send(): void {
    if (!this.#maySend()) return
    this.#waited = false
    request(this, 'send-draft', { text: this.text.trim() })
    this.focus()
  }
}
