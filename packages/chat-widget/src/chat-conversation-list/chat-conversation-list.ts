import type { ConversationSummary } from '@colloquy/chat-core'
import type { PropertyValues } from '../rendering/reactive-controller.js'
import { property, query, state } from '../rendering/properties.js'
import { moveWithArrows } from '../keyboard/arrow-keys.js'
import { isUndoKey } from '../keyboard/undo-key.js'
import { en } from '../locale/en.js'
import { formatNumber } from '../locale/format.js'
import { relativeTime } from '../locale/moments.js'
import type { ChatStrings } from '../locale/strings.js'
import { ViewElement } from '../rendering/view-element.js'
import { html, nothing, type View } from '../rendering/view.js'
import { request } from '../requests/chat-request.js'
import { icons } from '../theme/icons.js'
import { toolIcons } from '../theme/tool-icons.js'
import { shared } from '../theme/shared.styles.js'
import { chatConversationListStyles } from './chat-conversation-list.styles.js'
import { matching, type Found } from './matching.js'

/** Writing goes on for longer than this: then the server is asked. */
const SEARCH_DELAY_MS = 250
/** Longest title that the server takes. */
const MAX_TITLE = 200

/**
 * @summary The visitor's conversations: open one, start one, find one, rename one, delete one.
 * @csspart conversations - The scrolling area.
 */
export class ChatConversationList extends ViewElement {
  static override styles = [shared, chatConversationListStyles]

  @property({ attribute: false }) conversations: readonly ConversationSummary[] = []
  /** What the server found for the search, when it has answered. */
  @property({ attribute: false }) found: Found | null = null
  /** Id of the open conversation. */
  @property({ attribute: false }) current: string | null = null
  @property({ attribute: false }) strings: ChatStrings = en

  /** What is searched for. */
  @state() private search = ''
  /** Id of the conversation whose title is being written. */
  @state() private renaming: string | null = null
  @query('input.title') private readonly titleInput!: HTMLInputElement | null
  #searchTimer: ReturnType<typeof setTimeout> | undefined
  /** The row that was deleted last: when it goes, the focus goes to the one that takes its place, and to it when it is back. */
  #deleted: { readonly id: string; readonly index: number; readonly isGone: boolean } | null = null

  /** Puts the focus on the first thing to do here. */
  override focus(): void {
    this.renderRoot.querySelector('button')?.focus()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#searchTimer)
  }

  protected override render(): View {
    const { strings } = this
    const shown = this.#shown()
    return html`<div part="conversations" class="scroller" @keydown=${this.#onKeyDown}>
      <button class="button quiet new" @click=${() => request(this, 'new-conversation', null)}>
        ${icons.compose} ${strings.newConversation}
      </button>
      ${this.conversations.length > 0 || this.search !== '' ? this.#searchField() : nothing}
      ${
        shown.length === 0
          ? html`<p class="empty">${this.search === '' ? strings.noConversations : this.#count(0)}</p>`
          : html`<ul aria-label=${strings.conversations}>
              ${shown.map((conversation) => html`<li key=${conversation.id}>${this.#row(conversation)}</li>`)}
            </ul>`
      }
      <p class="spoken" role="status">${this.search === '' ? nothing : this.#count(shown.length)}</p>
    </div>`
  }

  #searchField(): View {
    const { strings } = this
    return html`<div class="search" role="search">
      ${toolIcons.search}
      <input
        type="search"
        aria-label=${strings.searchConversations}
        placeholder=${strings.searchConversations}
        maxlength="200"
        enterkeyhint="search"
        autocomplete="off"
        .value=${this.search}
        @input=${this.#onSearch}
        @keydown=${this.#onSearchKey}
      />
    </div>`
  }

  #row(conversation: ConversationSummary): View {
    const { strings } = this
    const { id, title, updatedAt } = conversation
    if (this.renaming === id) return this.#titleField(conversation)
    const name = title || strings.untitled
    return html`<button
        class="open"
        data-open=${id}
        aria-current=${id === this.current ? 'true' : 'false'}
        @click=${() => request(this, 'open-conversation', { id })}
      >
        <span class="title">${name}</span>
        <time class="time" datetime=${new Date(updatedAt).toISOString()}>
          ${relativeTime(updatedAt, Date.now(), strings.language)}
        </time>
      </button>
      ${this.#action('rename', strings.renameConversation(name), toolIcons.pencil, () => (this.renaming = id))}
      ${this.#action('delete', strings.deleteConversation(name), toolIcons.trash, () => this.#delete(id))}`
  }

  #action(name: string, label: string, icon: View, onClick: () => void): View {
    return html`<button class="icon-button ${name}" aria-label=${label} title=${label} @click=${onClick}>
      ${icon}
    </button>`
  }

  #titleField({ id, title }: ConversationSummary): View {
    return html`<input
      class="title"
      aria-label=${this.strings.title}
      maxlength=${MAX_TITLE}
      enterkeyhint="done"
      .value=${title}
      @keydown=${(event: KeyboardEvent) => this.#onTitleKey(event, id)}
      @blur=${() => this.#rename(id)}
    />`
  }

  #shown(): readonly ConversationSummary[] {
    return matching(this.conversations, this.search, this.found)
  }

  /** What is found so far; that it is nothing only the server knows. */
  #count(count: number): string {
    const { strings } = this
    if (count > 0) return strings.found(formatNumber(count, strings.language))
    return this.found?.query === this.search.trim() ? strings.nothingFound : ''
  }

  readonly #onSearch = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return
    this.search = event.target.value
    this.#ask()
  }

  #ask(): void {
    clearTimeout(this.#searchTimer)
    const query = this.search.trim()
    if (query === '') return
    this.#searchTimer = setTimeout(() => request(this, 'search-conversations', { query }), SEARCH_DELAY_MS)
  }

  readonly #onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.search !== '') {
      // The first Escape is for the search alone.
      event.stopPropagation()
      event.preventDefault()
      this.search = ''
    } else if (event.key === 'ArrowDown') moveWithArrows(event, this.#rows())
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const { target } = event
    if (isUndoKey(event)) request(this, 'act-on-notice', null)
    if (!(target instanceof HTMLElement)) return
    const id = target.dataset['open']
    if (id === undefined) {
      if (event.key === 'ArrowDown' && target.matches('.new')) moveWithArrows(event, this.#rows())
    } else if (event.key === 'Delete') this.#delete(id)
    else if (event.key === 'F2') this.renaming = id
    else if (event.key === 'ArrowUp' && target === this.#rows()[0])
      this.renderRoot.querySelector<HTMLElement>('[type=search]')?.focus()
    else moveWithArrows(event, this.#rows())
  }

  #rows(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.open')]
  }

  #delete(id: string): void {
    const index = this.#shown().findIndex((conversation) => conversation.id === id)
    this.#deleted = { id, index, isGone: false }
    request(this, 'delete-conversation', { id })
  }

  #onTitleKey(event: KeyboardEvent, id: string): void {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
    // What these keys do further up is not meant here.
    event.stopPropagation()
    event.preventDefault()
    if (event.key === 'Enter') this.#rename(id)
    this.renaming = null
    void this.updateComplete.then(() => this.#focusRow(id))
  }

  #rename(id: string): void {
    if (this.renaming !== id) return
    const title = this.titleInput?.value.trim() ?? ''
    const before = this.#shown().find((conversation) => conversation.id === id)?.title
    this.renaming = null
    if (title !== '' && title !== before) request(this, 'rename-conversation', { id, title })
  }

  #focusRow(id: string): void {
    this.#rows()
      .find((row) => row.dataset['open'] === id)
      ?.focus()
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('renaming') && this.renaming !== null) this.titleInput?.select()
    if (!changed.has('conversations')) return
    // What was found is told with what has changed since.
    if (this.hasUpdated && this.search !== '') this.#ask()
    this.#followDeleted()
  }

  #followDeleted(): void {
    if (!this.#deleted) return
    const { id, index, isGone } = this.#deleted
    const isHere = this.conversations.some((conversation) => conversation.id === id)
    if (isHere !== isGone) return
    this.#deleted = isHere ? null : { id, index, isGone: true }
    // What is being written goes on.
    if (this.shadowRoot?.activeElement?.matches('input')) return
    const rows = this.#rows()
    const next = rows[Math.min(index, rows.length - 1)]
    if (isHere) this.#focusRow(id)
    else if (next) next.focus()
    else this.focus()
  }
}
