import { property, query, state } from '../rendering/properties.js'
import { isSendKey } from '../keyboard/send-key.js'
import { en } from '../locale/en.js'
import { formatNumber } from '../locale/format.js'
import type { ChatStrings } from '../locale/strings.js'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { growingText } from '../theme/growing-text.styles.js'
import { shared } from '../theme/shared.styles.js'
import { chatMessageEditorStyles } from './chat-message-editor.styles.js'

/** The editor is done: with the new text, or with null when nothing is to be asked. */
export class EditorDoneEvent extends Event {
  static readonly type = 'chat-widget-editor-done'

  constructor(readonly text: string | null) {
    super(EditorDoneEvent.type)
  }
}

/**
 * @summary A question being changed. Enter asks it anew, Shift+Enter starts a line, Escape leaves it as it was.
 * @fires chat-widget-editor-done - The editor can go.
 */
export class ChatMessageEditor extends ViewElement {
  static override styles = [shared, growingText, chatMessageEditorStyles]

  /** The question as it stands. */
  @property({ attribute: false }) original = ''
  /** Longest question, in UTF-16 code units; null while unknown. */
  @property({ attribute: false }) maxLength: number | null = null
  @property({ attribute: false }) strings: ChatStrings = en

  @state() private text: string | null = null
  @query('textarea') private readonly input!: HTMLTextAreaElement | null

  /** Puts the caret behind the last word. */
  override focus(options?: FocusOptions): void {
    this.input?.focus(options)
    this.input?.setSelectionRange(this.input.value.length, this.input.value.length)
  }

  protected override firstUpdated(): void {
    this.focus()
  }

  protected override render(): View {
    const { strings } = this
    const text = this.#text()
    return html`<form class="frame" @submit=${this.#onSubmit} @keydown=${this.#onKeyDown}>
      <div class="grow">
        <div class="mirror" aria-hidden="true">${text}​</div>
        <textarea
          rows="1"
          enterkeyhint="send"
          aria-label=${strings.editMessage}
          aria-describedby="hint"
          aria-invalid=${this.#over() > 0}
          .value=${text}
          @input=${this.#onInput}
        ></textarea>
      </div>
      <p id="hint" class="hint" aria-live="polite">
        ${this.#over() > 0 ? strings.tooLong(formatNumber(this.#over(), strings.language)) : nothing}
      </p>
      <div class="buttons">
        <button class="button quiet" type="button" @click=${() => this.#done(null)}>${strings.cancel}</button>
        <button class="button primary" type="submit" ?disabled=${!this.#mayAsk()}>${strings.send}</button>
      </div>
    </form>`
  }

  #text(): string {
    return this.text ?? this.original
  }

  #over(): number {
    return this.maxLength === null ? 0 : Math.max(0, this.#text().length - this.maxLength)
  }

  #mayAsk(): boolean {
    return this.#text().trim() !== '' && this.#over() === 0
  }

  readonly #onInput = (): void => {
    this.text = this.input?.value ?? ''
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault()
    this.#ask()
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.isComposing) {
      // The first Escape is for the editor alone.
      event.stopPropagation()
      event.preventDefault()
      this.#done(null)
    } else if (event.target === this.input && isSendKey(event)) {
      event.preventDefault()
      this.#ask()
    }
  }

  #ask(): void {
    if (!this.#mayAsk()) return
    const text = this.#text().trim()
    this.#done(text === this.original ? null : text)
  }

  #done(text: string | null): void {
    this.dispatchEvent(new EditorDoneEvent(text))
  }
}
