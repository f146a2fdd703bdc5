import { adoptStyles, type Styles } from './css.js'
import { patch } from './patch.js'
import { attributeOf, propertiesOf } from './properties.js'
import type { PropertyValues, ReactiveController, ReactiveControllerHost } from './reactive-controller.js'
import type { View } from './view.js'

// Servers import the widget too, and have no elements: nothing of the class is ever called there, whatever it extends.
const Base = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement)

/**
 * Base of every part of the widget: reactive properties (see `properties.ts`), controllers, styles in its own shadow root, and a view
 * made anew of them when one of them changes. Its life is that of Lit's elements, and so are the names.
 */
export abstract class ViewElement extends Base implements ReactiveControllerHost {
  static shadowRootOptions: ShadowRootInit = { mode: 'open' }
  static styles: readonly Styles[] = []

  static get observedAttributes(): string[] {
    return [...propertiesOf(this.prototype)].flatMap((entry) => attributeOf(...entry) ?? [])
  }

  /** It has rendered at least once. */
  hasUpdated = false
  readonly #controllers = new Set<ReactiveController>()
  /** What was set on the element before its class was known. */
  readonly #early = new Map<string, unknown>()
  #changed = new Map<string, unknown>()
  readonly #reflecting = new Set<string>()
  /** The property whose attribute is being brought in line with it, or it with the attribute. */
  #inSync: string | null = null
  #isPending = false
  /** Lets the first update go on. */
  #release: () => void = () => undefined
  #root: ShadowRoot | null = null
  #complete: Promise<unknown> = new Promise<void>((release) => (this.#release = release))

  constructor() {
    super()
    for (const name of propertiesOf(Object.getPrototypeOf(this) as object).keys()) {
      if (!Object.hasOwn(this, name)) continue
      this.#early.set(name, Reflect.get(this, name))
      Reflect.deleteProperty(this, name)
    }
    this.requestUpdate()
  }

  get renderRoot(): ShadowRoot {
    return (this.#root ??= this.createRenderRoot())
  }

  get updateComplete(): Promise<boolean> {
    return this.#complete.then(() => !this.#isPending)
  }

  addController(controller: ReactiveController): void {
    this.#controllers.add(controller)
    if (this.#root && this.isConnected) controller.hostConnected?.()
  }

  requestUpdate(): void {
    if (this.#isPending) return
    this.#isPending = true
    this.#complete = this.#updateAfter(this.#complete)
  }

  /** A property has another value than `before`. */
  noteChange(name: string, before: unknown): void {
    if (!this.#changed.has(name)) this.#changed.set(name, this.hasUpdated ? before : undefined)
    if (propertiesOf(Object.getPrototypeOf(this) as object).get(name)?.reflect && this.#inSync !== name)
      this.#reflecting.add(name)
    this.requestUpdate()
  }

  connectedCallback(): void {
    this.#root ??= this.createRenderRoot()
    this.#release()
    for (const controller of this.#controllers) controller.hostConnected?.()
  }

  disconnectedCallback(): void {
    for (const controller of this.#controllers) controller.hostDisconnected?.()
  }

  attributeChangedCallback(attribute: string, _before: string | null, value: string | null): void {
    for (const [name, options] of propertiesOf(Object.getPrototypeOf(this) as object)) {
      if (attributeOf(name, options) !== attribute || this.#inSync === name) continue
      this.#sync(name, () =>
        Reflect.set(this, name, options.fromAttribute ? options.fromAttribute(value) : value),
      )
    }
  }

  protected createRenderRoot(): ShadowRoot {
    const { shadowRootOptions, styles } = this.constructor as typeof ViewElement // a class is what constructs an element
    const root = this.shadowRoot ?? this.attachShadow(shadowRootOptions)
    adoptStyles(root, styles)
    return root
  }

  /** What the element shows. */
  protected abstract render(): View

  /** Called before every update; what it changes is part of that update. */
  protected willUpdate(_changed: PropertyValues<this>): void {}

  /** Called after the first update. */
  protected firstUpdated(): void {}

  /** Called after every update; what it changes is another one. */
  protected updated(_changed: PropertyValues<this>): void {}

  /** Where an update may be put off. */
  protected scheduleUpdate(): void | Promise<void> {
    const isFirst = !this.hasUpdated
    if (isFirst) for (const [name, value] of this.#early) Reflect.set(this, name, value)
    const changed = this.#changed as PropertyValues<this> // names and values of this element's own properties
    try {
      this.willUpdate(changed)
    } finally {
      this.#changed = new Map()
      this.#isPending = false
    }
    this.#reflect()
    patch(this.renderRoot, this.render())
    for (const controller of this.#controllers) controller.hostUpdated?.()
    this.hasUpdated = true
    if (isFirst) this.firstUpdated()
    this.updated(changed)
  }

  async #updateAfter(previous: Promise<unknown>): Promise<void> {
    try {
      await previous
    } catch (error) {
      // One update that failed keeps no other from coming; who waited for it has heard.
      reportError(error)
    }
    await this.scheduleUpdate()
  }

  #reflect(): void {
    for (const name of this.#reflecting) this.#sync(name, () => this.#toggleAttribute(name))
    this.#reflecting.clear()
  }

  #toggleAttribute(name: string): void {
    const options = propertiesOf(Object.getPrototypeOf(this) as object).get(name) ?? {}
    const attribute = attributeOf(name, options)
    if (attribute !== undefined) this.toggleAttribute(attribute, Boolean(Reflect.get(this, name)))
  }

  #sync(name: string, change: () => void): void {
    this.#inSync = name
    change()
    this.#inSync = null
  }
}
