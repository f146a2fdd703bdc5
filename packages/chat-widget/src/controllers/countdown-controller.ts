import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'

const SECOND_MS = 1_000

/** Shows its host anew with every second until a time is reached. */
export class CountdownController implements ReactiveController {
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this)
  }

  /**
   * Milliseconds left until `deadline`, 0 when it is over or there is none. To be called in every render: that keeps the
   * clock going.
   */
  left(deadline: number | null): number {
    const left = deadline === null ? 0 : Math.max(0, deadline - Date.now())
    clearTimeout(this.#timer)
    // To the next full second, so that no number is skipped and none is shown twice.
    if (left > 0) this.#timer = setTimeout(() => this.host.requestUpdate(), left % SECOND_MS || SECOND_MS)
    return left
  }

  hostConnected(): void {
    this.host.requestUpdate()
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer)
  }
}
