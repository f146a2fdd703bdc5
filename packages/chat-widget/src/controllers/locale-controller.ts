import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'
import { en } from '../locale/en.js'
import { loadStrings, pickLocale } from '../locale/locales.js'
import type { ChatStrings } from '../locale/strings.js'

/** Words of the site's own, in place of those of the language. */
export type OwnStrings = Partial<ChatStrings>

interface LocaleHost extends ReactiveControllerHost, Element {
  readonly strings: OwnStrings | null
}

/**
 * The words in the language of the place on the page where the element stands (its `lang`, else that of the nearest element around
 * it), else in the visitor's own. Goes along when the page changes its language.
 */
export class LocaleController implements ReactiveController {
  /** Settled when the words are there, or will not come; null when there is nothing to wait for. */
  ready: Promise<void> | null = null
  #strings: ChatStrings = en
  #own: OwnStrings | null = null
  #all: ChatStrings = en
  readonly #observer = new MutationObserver(() => this.#follow())

  constructor(private readonly host: LocaleHost) {
    host.addController(this)
  }

  /** The same object as long as nothing changes. */
  get strings(): ChatStrings {
    const { strings } = this.host
    if (strings !== this.#own) {
      this.#own = strings
      this.#all = { ...this.#strings, ...strings }
    }
    return this.#all
  }

  hostConnected(): void {
    for (const element of [this.host, document.documentElement])
      this.#observer.observe(element, { attributeFilter: ['lang'] })
    this.#follow()
  }

  hostDisconnected(): void {
    this.#observer.disconnect()
  }

  #follow(): void {
    const locale = pickLocale([languageAround(this.host), ...navigator.languages])
    this.ready = null
    if (locale.toString() === this.#strings.language) return
    if (locale.language === new Intl.Locale(this.#strings.language).language) {
      this.#take({ ...this.#strings, language: locale.toString() })
      return
    }
    const ready: Promise<void> = this.#load(locale, () => this.ready === ready)
    this.ready = ready
  }

  async #load(locale: Intl.Locale, isWanted: () => boolean): Promise<void> {
    // Without them the words at hand are better than none.
    const strings = await loadStrings(locale).catch(() => this.#strings)
    if (!isWanted()) return
    this.ready = null
    this.#take(strings)
  }

  #take(strings: ChatStrings): void {
    this.#strings = strings
    this.#all = { ...strings, ...this.#own }
    this.host.requestUpdate()
  }
}

/** The `lang` of the nearest element that has one, also beyond shadow roots. */
function languageAround(element: Element): string {
  const nearest = element.closest('[lang]')
  if (nearest) return nearest.getAttribute('lang') ?? ''
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? languageAround(root.host) : ''
}
