import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'

/** A sentence for the visitor, with one thing to do about it, or none. */
export interface Notice {
  readonly words: string
  readonly action: { readonly label: string; readonly run: () => void } | null
}

const SHOWN_MS = 8_000

/** Shows one notice for some seconds, and for as long as the visitor is at it. */
export class NoticeController implements ReactiveController {
  #current: Notice | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this)
  }

  get current(): Notice | null {
    return this.#current
  }

  show(notice: Notice | null): void {
    this.#current = notice
    this.hold(notice === null)
    this.host.requestUpdate()
  }

  /** Stays for as long as it is held, and some seconds longer. */
  hold(held: boolean): void {
    clearTimeout(this.#timer)
    if (!held) this.#timer = setTimeout(() => this.show(null), SHOWN_MS)
  }

  /** Does what the notice offers. */
  act(): void {
    const { action } = this.#current ?? {}
    this.show(null)
    action?.run()
  }

  hostDisconnected(): void {
    this.show(null)
  }
}
