import { adoptStyles } from '../rendering/css.js'
import type { PropertyValues } from '../rendering/reactive-controller.js'
import { ViewElement } from '../rendering/view-element.js'
import { html, type View } from '../rendering/view.js'
import { property, query } from '../rendering/properties.js'
import { MarkdownRenderer } from '../markdown/markdown-renderer.js'
import type { HtmlBuilder, MarkdownStrings } from '../markdown/render-context.js'
import { en } from '../locale/en.js'
import { copyText } from '../platform/copy-text.js'
import { loadedMath, loadMath } from '../parts/math-on-demand.js'
import { spendOnFrame } from '../platform/frame-budget.js'
import { awaitsFrame, everyFrame, noMoreFrames } from '../platform/frame.js'
import { STRICT, type ContentPolicy } from '../settings/content-policy.js'
import { shared } from '../theme/shared.styles.js'
import { chatMarkdownStyles } from './chat-markdown.styles.js'
import type { CodeColours } from './code-colours.js'
import { directionOf } from './direction-of.js'
import { tableStyles } from './table.styles.js'

/** Event of an answer that shows more than before. Stays within the widget. */
export const GREW = 'chat-widget-grew'

/** Of a long text, so much is shown before the clock is looked at, in UTF-16 code units. */
const SLICE = 1_000

/** @summary The text of one answer, as nodes. Grows with the text, never for longer than a frame has time. */
export class ChatMarkdown extends ViewElement {
  static override styles = [shared, tableStyles, chatMarkdownStyles]

  /** Markdown, as far as it came. */
  @property({ attribute: false }) text = ''
  /** No more text will come. */
  @property({ attribute: false }) done = false
  @property({ attribute: false }) policy: ContentPolicy = STRICT
  @property({ attribute: false }) strings: MarkdownStrings & { readonly copied: string } = en

  @query('.content') private readonly content!: HTMLElement
  #renderer: MarkdownRenderer | null = null
  /** Null until there is code, and where the site does not want them. */
  #colours: CodeColours | null = null
  #isLoadingColours = false
  /** How much of the text is shown, in UTF-16 code units. */
  #shown = 0
  /** The renderer was given all of it, and whether more will come. */
  #isGiven = false
  /** There is more to show than frames had time for. */
  #isBehind = false

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    noMoreFrames(this.#show)
  }

  /** Resolves when all that came is shown. */
  async caughtUp(): Promise<void> {
    await this.updateComplete
    while (this.#isBehind) await new Promise((done) => this.addEventListener(GREW, done, { once: true }))
  }

  protected override render(): View {
    // Lists and quotes have one edge for all of an answer: that of its language, whatever the panel is written in.
    return html`<div class="content" dir=${directionOf(this.text)} @click=${this.#onClick}></div>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('strings')
    const hasOtherWords = before && JSON.stringify(before) !== JSON.stringify(this.strings)
    if (changed.has('policy') || hasOtherWords || !this.#renderer) this.#start()
    this.#isGiven = false
    // Once a frame: one that is behind is shown with the others.
    if (!awaitsFrame(this.#show)) this.#show()
  }

  #start(): void {
    this.#renderer = this.#newRenderer(null)
    if (this.policy.allowHtml || this.#lacksMath()) void this.#extend()
  }

  #lacksMath(): boolean {
    return this.policy.extras.has('math') && loadedMath() === undefined
  }

  /** Shows everything anew once there is the code for what the site asks for; until then, HTML and formulas are text. */
  async #extend(): Promise<void> {
    const { policy } = this
    const [builder] = await Promise.all([policy.allowHtml && loadHtml(), this.#lacksMath() && loadMath()])
    if (policy !== this.policy) return
    this.#renderer = this.#newRenderer(builder || null)
    this.#show()
  }

  #newRenderer(htmlBuilder: HtmlBuilder | null): MarkdownRenderer {
    const { imageHosts, extras } = this.policy
    const math = extras.has('math') ? loadedMath() : null
    if (math) adoptStyles(this.renderRoot, [...ChatMarkdown.styles, math.mathStyles])
    this.content.replaceChildren()
    this.#shown = 0
    this.#isGiven = false
    return new MarkdownRenderer(this.content, {
      imageHosts,
      html: htmlBuilder,
      math: math ? new math.Formulas(() => this.#tellGrowth()) : null,
      strings: this.strings,
    })
  }

  /** As much as the frame has time for; the rest with the next ones. */
  readonly #show = (): void => {
    const renderer = this.#renderer
    if (!renderer) return
    this.#isBehind = spendOnFrame(
      () => this.#showSlice(renderer),
      () => this.#tellGrowth(),
    )
    if (this.#isBehind) everyFrame(this.#show)
    else noMoreFrames(this.#show)
    if (this.policy.extras.has('highlight')) this.#colour()
  }

  #colour(): void {
    if (this.#colours) this.#colours.look(this.content, this.done && this.#shown === this.text.length)
    else if (!this.#isLoadingColours && this.content.querySelector('.code')) void this.#loadColours()
  }

  /** Where the code for them does not come, code stays plain. */
  async #loadColours(): Promise<void> {
    this.#isLoadingColours = true
    const loaded = await import('./rich-code.js').catch(() => null)
    if (!loaded) return
    this.#colours = new loaded.CodeColours(this.renderRoot)
    this.#colour()
  }

  #tellGrowth(): void {
    this.dispatchEvent(new Event(GREW, { bubbles: true, composed: true }))
  }

  /** True when there is more to show. */
  #showSlice(renderer: MarkdownRenderer): boolean {
    if (this.#isGiven) return renderer.complete()
    const end = Math.min(this.text.length, this.#shown + SLICE)
    const isWhole = end === this.text.length
    // To the end of a line where there is one: there it is certain what a list has.
    const line = this.text.lastIndexOf('\n', end) + 1
    const length = isWhole || line <= this.#shown ? end : line
    const isIncomplete = renderer.render(
      isWhole ? this.text : this.text.slice(0, length),
      this.done && isWhole,
    )
    this.#shown = length
    this.#isGiven = isWhole
    return isIncomplete || !isWhole
  }

  readonly #onClick = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest('button.copy-code') : null
    const code = button?.closest('figure')?.querySelector('code')?.textContent
    if (button && code !== undefined) void this.#copy(button, code)
  }

  async #copy(button: Element, code: string): Promise<void> {
    if (!(await copyText(code))) return
    button.textContent = this.strings.copied
    setTimeout(() => (button.textContent = this.strings.copyCode), 2_000)
  }
}

/** What of HTML a page may show. Null where the page forbids what the sanitiser needs: HTML then stays text. */
const loadHtml = (): Promise<HtmlBuilder | null> =>
  import('../markdown/load-html.js').then(({ loadHtmlBuilder }) => loadHtmlBuilder()).catch(() => null)
