import type { Clock } from '../../domain/ports/index.js'

/**
 * Stretches of time that begin at the same moments for all, so that what many have to do then is done at once: with one timer
 * for all of them, and none while nobody waits.
 */
export class Rounds {
  readonly #clock: Clock
  readonly #roundMs: number
  readonly #waiting = new Set<() => void>()
  #cancelTimer: (() => void) | null = null

  constructor(clock: Clock, roundMs: number) {
    this.#clock = clock
    this.#roundMs = roundMs
  }

  /** Calls `task`, which must not throw, when the next one begins; once, however often it is asked for. */
  atNext(task: () => void): void {
    this.#waiting.add(task)
    const untilNext = this.#roundMs - (this.#clock.now() % this.#roundMs)
    this.#cancelTimer ??= this.#clock.after(untilNext, () => this.#begin())
  }

  /** Does not call it after all. */
  withdraw(task: () => void): void {
    this.#waiting.delete(task)
    if (this.#waiting.size > 0) return
    this.#cancelTimer?.()
    this.#cancelTimer = null
  }

  #begin(): void {
    this.#cancelTimer = null
    const tasks = [...this.#waiting]
    this.#waiting.clear()
    for (const task of tasks) task()
  }
}
