import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'

/** Shows its host anew when the answer to a media query changes. */
export class MediaController implements ReactiveController {
  /** Kept: asked for with every change of the chat, and the browser's own is looked up anew each time. */
  matches = false
  #list: MediaQueryList | null = null

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly query: string,
  ) {
    host.addController(this)
  }

  hostConnected(): void {
    this.#list = matchMedia(this.query)
    this.#list.addEventListener('change', this.#onChange)
    this.#onChange()
  }

  hostDisconnected(): void {
    this.#list?.removeEventListener('change', this.#onChange)
  }

  readonly #onChange = (): void => {
    this.matches = this.#list?.matches ?? false
    this.host.requestUpdate()
  }
}
