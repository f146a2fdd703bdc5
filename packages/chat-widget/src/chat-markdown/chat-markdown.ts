import type { PropertyValues } from '@lit/reactive-element'
import { ViewElement } from '../rendering/view-element.js'
import { html, type View } from '../rendering/view.js'
import { property, query } from '@lit/reactive-element/decorators.js'
import type { MarkdownRenderer } from '../markdown/markdown-renderer.js'
import type { MarkdownStrings } from '../markdown/render-context.js'
import { copyText } from '../platform/copy-text.js'
import { FrameScheduler } from '../platform/frame.js'
import { shared } from '../theme/shared.styles.js'
import { loadedRenderer, loadRenderer } from './lazy-renderer.js'
import { chatMarkdownStyles } from './chat-markdown.styles.js'

/** What the site decided about the content of answers. */
export interface ContentPolicy {
  readonly allowHtml: boolean
  readonly imageHosts: ReadonlySet<string>
}

/** @summary The text of one answer, as nodes. Grows with the text, at most once a frame. */
export class ChatMarkdown extends ViewElement {
  static override styles = [shared, chatMarkdownStyles]

  /** Markdown, as far as it came. */
  @property({ attribute: false }) text = ''
  /** No more text will come. */
  @property({ type: Boolean }) done = false
  @property({ attribute: false }) policy: ContentPolicy = { allowHtml: false, imageHosts: new Set() }
  @property({ attribute: false }) strings: MarkdownStrings & { readonly copied: string } = NO_STRINGS

  @query('.content') private readonly content!: HTMLElement
  #renderer: MarkdownRenderer | null = null
  readonly #frame = new FrameScheduler(() => this.#show())

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#frame.cancel()
  }

  protected override render(): View {
    return html`<div class="content" @click=${this.#onClick}></div>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('policy') || changed.has('strings') || !this.#renderer) this.#start()
    // The first text and the last are shown at once, what comes between with the next frame.
    if (this.done || !this.content.hasChildNodes()) this.#show()
    else this.#frame.schedule()
  }

  #start(): void {
    this.#renderer = this.#newRenderer(null)
    if (!this.#renderer) void this.#load()
    else if (this.policy.allowHtml) void this.#allowHtml()
  }

  /** Until the code is there, and where it does not come, the text stands as it was written. */
  async #load(): Promise<void> {
    const loaded = await loadRenderer().catch(() => null)
    if (!loaded || this.#renderer || !this.isConnected) return
    this.#start()
    this.#show()
  }

  /** Shows everything anew once the sanitiser is there; until then, HTML is text. */
  async #allowHtml(): Promise<void> {
    const { policy } = this
    const sanitize = await loadSanitizer()
    if (policy !== this.policy || !sanitize) return
    this.#renderer = this.#newRenderer(sanitize)
    this.#show()
  }

  #newRenderer(sanitize: ((html: string) => DocumentFragment) | null): MarkdownRenderer | null {
    const loaded = loadedRenderer()
    if (!loaded) return null
    this.content.replaceChildren()
    const { imageHosts } = this.policy
    return new loaded.MarkdownRenderer(this.content, { imageHosts, sanitize, strings: this.strings })
  }

  #show(): void {
    this.#frame.cancel()
    if (this.#renderer) this.#renderer.render(this.text, this.done)
    else this.#showPlain()
  }

  #showPlain(): void {
    const plain = this.content.firstElementChild ?? document.createElement('p')
    plain.className = 'plain'
    plain.textContent = this.text
    if (!plain.isConnected) this.content.append(plain)
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

const NO_STRINGS = { copyCode: '', copied: '', image: '', table: '', codeBlock: '' }

/** Null where the page forbids what the sanitiser needs: HTML then stays text. */
async function loadSanitizer(): Promise<((html: string) => DocumentFragment) | null> {
  try {
    const module = await import('../markdown/sanitizer.js')
    return await module.loadSanitizer()
  } catch {
    return null
  }
}
