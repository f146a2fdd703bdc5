/** Elements by tag. */
export type Parts = Readonly<Record<string, CustomElementConstructor>>

/**
 * Elements whose code is fetched when they are needed. Their tags may stand on the page before: what was set on them is
 * there when they come to life.
 */
export class LazyParts {
  /** They are there. */
  loaded = false
  readonly #fetch: () => Promise<{ readonly parts: Parts }>
  #loading: Promise<void> | null = null

  constructor(fetch: () => Promise<{ readonly parts: Parts }>) {
    this.#fetch = fetch
  }

  /**
   * Fetches and registers them, once.
   * @throws what the browser says when they do not come; the next call tries again.
   */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch((reason: unknown) => {
      this.#loading = null
      throw reason
    })
    return this.#loading
  }

  async #load(): Promise<void> {
    const { parts } = await this.#fetch()
    for (const [tag, element] of Object.entries(parts)) {
      if (!customElements.get(tag)) customElements.define(tag, element)
    }
    this.loaded = true
  }
}
