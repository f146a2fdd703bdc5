/** Timers of a hidden page are slow anyway; this only keeps a text in the background from piling up. */
const HIDDEN_DELAY_MS = 250

/**
 * Runs `work` once before the next paint, however often it is asked to. A hidden page paints nothing and gets no
 * animation frames: there a timer takes over, also when the page is hidden while a frame is awaited.
 */
export class FrameScheduler {
  readonly #work: () => void
  #frame = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #waiting = false

  constructor(work: () => void) {
    this.#work = work
  }

  schedule(): void {
    if (this.#waiting) return
    this.#waiting = true
    if (document.visibilityState === 'hidden') this.#byTimer()
    else {
      this.#frame = requestAnimationFrame(this.#run)
      document.addEventListener('visibilitychange', this.#byTimer)
    }
  }

  cancel(): void {
    this.#waiting = false
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#timer)
    document.removeEventListener('visibilitychange', this.#byTimer)
  }

  readonly #byTimer = (): void => {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#run, HIDDEN_DELAY_MS)
  }

  readonly #run = (): void => {
    this.cancel()
    this.#work()
  }
}
