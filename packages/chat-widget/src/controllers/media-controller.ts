import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'

/** Shows its host anew when the answer to a media query changes. */
export class MediaController implements ReactiveController {
  #list: MediaQueryList | null = null

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly query: string,
  ) {
    host.addController(this)
  }

  get matches(): boolean {
    return this.#list?.matches ?? false
  }

  hostConnected(): void {
    this.#list = matchMedia(this.query)
    this.#list.addEventListener('change', this.#onChange)
  }

  hostDisconnected(): void {
    this.#list?.removeEventListener('change', this.#onChange)
  }

  readonly #onChange = (): void => this.host.requestUpdate()
}
