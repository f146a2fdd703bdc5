import { ChatError, type RunOutcome } from '@colloquy/chat-core'
import type { PageFacts } from '@colloquy/chat-core/page-context'
import type { PropertyValues } from '../rendering/reactive-controller.js'
import { html, nothing, type View } from '../rendering/view.js'
import { query, state } from '../rendering/properties.js'
import type { ChatLauncher } from '../chat-launcher/chat-launcher.js'
import type { ChatPanel } from '../chat-panel/chat-panel.js'
import type { PanelOptions, PanelView } from '../chat-panel/options.js'
import { loadMath } from '../parts/math-on-demand.js'
import { ChatController } from '../controllers/chat-controller.js'
import { AttentionController } from '../controllers/attention-controller.js'
import { DraftController } from '../controllers/draft-controller.js'
import { FollowUpsController } from '../controllers/follow-ups-controller.js'
import { LocaleController } from '../controllers/locale-controller.js'
import { MediaController } from '../controllers/media-controller.js'
import { NoticeController } from '../controllers/notice-controller.js'
import { SearchController } from '../controllers/search-controller.js'
import { SlotPresenceController } from '../controllers/slot-presence-controller.js'
import { ChatBeforeSendEvent, ChatCloseEvent, ChatOpenEvent } from '../events/events.js'
import { Drafts } from '../drafts/drafts.js'
import { directionOf } from '../locale/locales.js'
import { ChatRequestEvent, handleRequest, type ChatRequestHandlers } from '../requests/chat-request.js'
import { checkSettings } from '../settings/check-settings.js'
import { expectText } from '../settings/parse.js'
import { shared } from '../theme/shared.styles.js'
import { tokens } from '../theme/tokens.styles.js'
import { chatWidgetStyles } from './chat-widget.styles.js'
import { floatingFrame, inlineFrame, PARTS, takeOver } from './frames.js'
import { CONNECTING, ownClient, storageName } from './own-client.js'
import { requestHandlers } from './request-handlers.js'
import { panelOptions, SHAPING } from './panel-options.js'
import { SiteWord } from './site-word.js'
import { WidgetSettings } from './widget-settings.js'
import { onPanelKey } from './panel-keys.js'
import { FULL, placeOf, SMALL_SCREEN, syncDialog } from './panel-dialog.js'

/**
 * @summary AI chat for any website.
 *
 * @slot header - Replaces the heading of the panel.
 * @slot empty - Replaces greeting and suggestions of an empty conversation.
 * @slot launcher - Replaces the launcher's icon.
 * @slot message-footer - Below the last message: a way to somebody who can help, for example.
 * @slot footer - Below the composer: a privacy note, for example.
 *
 * @fires chat-open - The panel opens; may be cancelled.
 * @fires chat-close - The panel closes; may be cancelled.
 * @fires chat-before-send - A question is about to be sent; `detail.text` may be changed, the event may be cancelled.
 * @fires chat-message - A question was sent or an answer has ended; `detail` is the message. Cancelled, no badge, title or sound tells of it.
 * @fires chat-feedback - A reader calls an answer good or bad; `detail` holds `messageId`, `rating` and `comment`. Cancelled, it is not sent.
 * @fires chat-error - Something went wrong; `detail.code` says what. Cancelled, no bar above the composer says so.
 * @fires chat-session - The session started; `detail` holds greeting, features and limits.
 * @fires chat-storage - History cannot be kept in this browser, or something broken was removed from it.
 *
 * @csspart panel - The frame of everything but the launcher.
 * @csspart header - The bar at the top.
 * @csspart heading - The name in it.
 * @csspart empty - Greeting and suggestions.
 * @csspart messages - The scrolling area.
 * @csspart message - The words of a question, or the whole of an answer.
 * @csspart actions - The buttons below an answer.
 * @csspart jump - The button back to the latest message.
 * @csspart conversations - The list of conversations.
 * @csspart composer - The frame around text and button.
 * @csspart input - The text area.
 * @csspart send - The button that sends and stops.
 * @csspart launcher - The round button.
 * @cssproperty --chat-accent - Colour of launcher, questions and buttons.
 * @cssproperty --chat-on-accent - Colour on top of the accent.
 * @cssproperty --chat-accent-text - The accent where it is text.
 * @cssproperty --chat-surface - Background.
 * @cssproperty --chat-sunken - Background of code, table heads and the like.
 * @cssproperty --chat-text - Text colour.
 * @cssproperty --chat-muted - Colour of secondary text.
 * @cssproperty --chat-line - Colour of lines.
 * @cssproperty --chat-font - Font family.
 * @cssproperty --chat-mono - Font family of code.
 * @cssproperty --chat-radius - Corner radius of the panel. Default 20px.
 * @cssproperty --chat-width - Width of the panel. Default 400px.
 * @cssproperty --chat-height - Height of the panel. Default 680px.
 * @cssproperty --chat-offset - Distance to the window's edges. Default 20px.
 * @cssproperty --chat-launcher-size - Diameter of the launcher. Default 60px.
 * @cssproperty --chat-z-index - Stacking order. Default 2147483000.
 */
export class ChatWidget extends WidgetSettings {
  static override styles = [shared, tokens, chatWidgetStyles]

  @state() private view: PanelView = 'messages'
  @query('dialog') private readonly dialog!: HTMLDialogElement | null
  @query('chat-widget-panel') private readonly panel!: ChatPanel | null
  @query('chat-widget-launcher') private readonly launcher!: ChatLauncher | null

  readonly #chat = new ChatController(this, {
    given: () => this.client,
    make: () => ownClient(this, !this.#word.hasSaidWho),
    connected: (client) => this.#word.pass(client),
  })
  readonly #word: SiteWord = new SiteWord(() => this.#chat.client)
  readonly #locale: LocaleController = new LocaleController(this)
  readonly #notice = new NoticeController(this)
  readonly #search = new SearchController(this)
  readonly #draft = new DraftController(this, () => new Drafts(storageName(this), this.historyKey))
  readonly #followUps = new FollowUpsController(this)
  readonly #attention = new AttentionController(
    this,
    () => this.#isShown(),
    (count) => this.#locale.strings.newMessages(count),
  )
  readonly #screen = new MediaController(this, SMALL_SCREEN)
  readonly #slots = new SlotPresenceController(this)
  #options: PanelOptions | null = null

  /** Opens the panel. */
  open(): void {
    this.opened = true
  }

  /** Closes the panel. */
  close(): void {
    this.opened = false
  }

  toggle(): void {
    this.opened = !this.opened
  }

  /**
   * Sends a question as if the visitor had written it. Resolves when its answer has ended.
   * @throws ChatError `protocol` when it is no text or an empty one, `aborted` when a listener of `chat-before-send` kept it from being sent.
   */
  async send(text: string): Promise<RunOutcome> {
    expectText(text, 'send', 'the question')
    const allowed = this.#allowed(text)
    if (allowed === null) throw new ChatError('aborted', 'The page kept it.')
    return this.#ask(allowed)
  }

  /** What the page lets be sent in place of `text`; null when it lets nothing. */
  #allowed(text: string): string | null {
    const event = new ChatBeforeSendEvent(text)
    return this.dispatchEvent(event) ? event.detail.text : null
  }

  #ask(text: string): Promise<RunOutcome> {
    this.view = 'messages'
    if (this.#options?.policy.extras.has('math')) void loadMath()
    return this.#chat.use((client) => client.send(text))
  }

  /** Shows an empty conversation. */
  newConversation(): void {
    this.view = 'messages'
    this.#draft.open(null)
    this.#chat.forgetCached()
    void this.#chat.use((client) => client.newConversation()).catch(() => undefined)
  }

  /**
   * Says who the visitor is: a JWT of the site's own backend or identity provider, or null for nobody in particular. Call it on every
   * page, with a new token before the old one ends, and with null when they sign out. What another user left in this browser is wiped; a
   * visitor who signs in keeps their conversations. What is sent behind it is asked as whoever it names.
   * @throws ChatError `protocol` when it is neither text nor null
   */
  async identify(token: string | null): Promise<void> {
    if (token === null) this.#draft.belongTo(null)
    await this.#word.identify(token)
  }

  /**
   * Says what the visitor is looking at, such as `{ title: document.title, product_id: 4711 }`; null for nothing any more. It goes with
   * every question from then on. The model is shown it as data of the page; whoever chats can read it. At most 4,000 characters of JSON.
   */
  setContext(facts: PageFacts | null): void {
    this.#word.setContext(facts)
  }

  /** The loader has drawn a launcher already: ours takes its place, and the focus where that had it. */
  protected override createRenderRoot(): ShadowRoot {
    // A press that has begun on the loader's would end on nothing.
    if (this.shadowRoot?.querySelector(':active')) this.open()
    if (takeOver(this.shadowRoot)) void this.updateComplete.then(() => this.#moveFocus())
    return super.createRenderRoot()
  }

  /** Nothing is shown in a language that the next moment changes. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated && this.#locale.ready) await this.#locale.ready
    await super.scheduleUpdate()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    // Moving the element within the page is not the end of the chat.
    queueMicrotask(() => {
      if (!this.isConnected) this.#disconnect()
    })
  }

  #disconnect(): void {
    this.#chat.disconnect()
    this.#draft.forgetName()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    checkSettings(this, changed)
    // Whoever opened or closed the panel, and be it by the attribute, the page may keep it as it was.
    const event = this.opened ? new ChatOpenEvent() : changed.get('opened') && new ChatCloseEvent()
    if (event && changed.has('opened') && !this.dispatchEvent(event)) this.opened = !this.opened
    if (CONNECTING.some((name) => changed.has(name))) this.#disconnect()
    const { strings } = this.#locale
    const policy = SHAPING.some((name) => changed.has(name)) ? undefined : this.#options?.policy
    if (!policy || this.#options?.strings !== strings) this.#options = panelOptions(this, strings, policy)
    if (this.isConnected && this.#isShown()) this.#chat.begin()
    this.#followUps.take(this.#chat.snapshot, this.followUps)
    this.#draft.belongTo(this.#chat.snapshot.session?.visitorId)
    this.#draft.follow(this.#chat.snapshot.conversationId)
  }

  protected override render(): View {
    return html`<div
      class="root ${this.theme} ${placeOf(this.mode, this.#screen.matches)}"
      lang=${this.#locale.strings.language}
      @chat-widget-request=${this.#onRequest}
      @keydown=${this.#onKeyDown}
    >
      ${this.#frame()}
    </div>`
  }

  #frame(): View {
    const label = this.heading || this.#locale.strings.heading
    const content = this.#isShown() || this.hasUpdated ? this.#content() : nothing
    if (this.mode === 'inline') return inlineFrame(label, content)
    return floatingFrame(label, content, this.#onCancel, this.#launcher())
  }

  #launcher(): View {
    return html`<chat-widget-launcher
      exportparts="launcher"
      .open=${this.opened}
      .unread=${this.#attention.unread}
      .name=${this.label}
      .strings=${this.#locale.strings}
    >
      ${this.#slots.has('launcher') ? html`<slot name="launcher" slot="icon"></slot>` : nothing}
    </chat-widget-launcher>`
  }

  #content(): View {
    return html`<chat-widget-panel
      exportparts=${PARTS}
      dir=${directionOf(this.#locale.strings.language)}
      .snapshot=${this.#chat.snapshot}
      .versions=${this.#chat.versions}
      .waitUntil=${this.#chat.waitUntil}
      .draft=${this.#draft.text}
      .found=${this.#search.found}
      .followUps=${this.#followUps.texts}
      .notice=${this.#notice.current}
      .view=${this.view}
      .options=${this.#options}
    >
      ${['header', 'empty', 'message-footer', 'footer'].map((name) =>
        this.#slots.has(name) ? html`<slot name=${name} slot=${name}></slot>` : nothing,
      )}
    </chat-widget-panel>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.dialog && this.isConnected)
      syncDialog(this.dialog, this.opened, placeOf(this.mode, this.#screen.matches) === FULL)
    // At page load, when it was neither open nor closed before, an open panel does not take the focus from where the visitor is.
    if (changed.get('opened') === !this.opened) void this.#moveFocus()
  }

  async #moveFocus(): Promise<void> {
    const target = this.#isShown() ? this.panel : this.launcher
    await target?.updateComplete
    target?.focus()
  }

  readonly #requests: ChatRequestHandlers = requestHandlers({
    draft: this.#draft,
    notice: this.#notice,
    search: this.#search,
    strings: () => this.#locale.strings,
    use: (task) => this.#chat.use(task),
    allowed: (text) => this.#allowed(text),
    ask: (text) => this.#ask(text),
    showView: (view) => this.#showView(view),
    moveFocus: () => void this.#moveFocus(),
    newConversation: () => this.newConversation(),
    announce: (event) => this.dispatchEvent(event),
    toggle: () => this.toggle(),
    close: () => this.close(),
  })

  #showView(view: PanelView, focus: 'focus' | 'focusComposer' = 'focus'): void {
    this.view = view
    void this.updateComplete.then(() => this.panel?.updateComplete).then(() => this.panel?.[focus]())
  }

  readonly #onRequest = (event: Event): void => {
    if (!(event instanceof ChatRequestEvent)) return
    event.stopPropagation()
    handleRequest(this.#requests, event)
  }

  readonly #onKeyDown = (event: KeyboardEvent): void =>
    onPanelKey(event, {
      view: this.#isShown() ? this.view : null,
      closable: this.mode !== 'inline',
      showMessages: () => this.#showView('messages'),
      close: () => this.close(),
      write: () => this.#showView('messages', 'focusComposer'),
    })

  /** The way back of a phone: the browser would close the dialog by itself, but the state decides, and first leaves the list. */
  readonly #onCancel = (event: Event): void => {
    event.preventDefault()
    if (this.view === 'conversations') this.#showView('messages')
    else this.close()
  }

  #isShown(): boolean {
    return this.mode === 'inline' || this.opened
  }
}
