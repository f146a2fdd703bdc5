import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'

/** Knows which slots the page has filled, so that an empty one can show what the widget itself would. */
export class SlotPresenceController implements ReactiveController {
  #observer: MutationObserver | null = null

  constructor(private readonly host: ReactiveControllerHost & Element) {
    host.addController(this)
  }

  has(name: string): boolean {
    return [...this.host.children].some((child) => child.slot === name)
  }

  hostConnected(): void {
    this.#observer = new MutationObserver(() => this.host.requestUpdate())
    this.#observer.observe(this.host, { childList: true, subtree: true, attributeFilter: ['slot'] })
  }

  hostDisconnected(): void {
    this.#observer?.disconnect()
  }
}
