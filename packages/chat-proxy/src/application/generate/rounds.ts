import type { Clock } from '../../domain/ports/index.js'

/**
 * Stretches of time that begin at the same moments for all, so that what many have to do then is done at once: with one timer
 * for all of them, and none while nobody waits.
 */
export class Rounds<Waiting> {
  readonly #clock: Clock
  readonly #roundMs: number
  readonly #begin: (waiting: Iterable<Waiting>) => void
  #waiting = new Set<Waiting>()
  #cancelTimer: (() => void) | null = null

  /** @param begin gets those who waited, in the order in which they came; must not throw */
  constructor(clock: Clock, roundMs: number, begin: (waiting: Iterable<Waiting>) => void) {
    this.#clock = clock
    this.#roundMs = roundMs
    this.#begin = begin
  }

  /** Waits for the next one to begin. */
  await(one: Waiting): void {
    this.#waiting.add(one)
    const untilNext = this.#roundMs - (this.#clock.now() % this.#roundMs)
    this.#cancelTimer ??= this.#clock.after(untilNext, () => this.#beginNext())
  }

  /** Does not wait after all. */
  withdraw(one: Waiting): void {
    this.#waiting.delete(one)
    if (this.#waiting.size > 0) return
    this.#cancelTimer?.()
    this.#cancelTimer = null
  }

  #beginNext(): void {
    this.#cancelTimer = null
    const waiting = this.#waiting
    this.#waiting = new Set()
    this.#begin(waiting)
  }
}
