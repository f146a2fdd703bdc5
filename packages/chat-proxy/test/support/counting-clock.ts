import type { Clock } from '../../src/domain/ports/clock.js'
import { SystemClock } from '../../src/infrastructure/time/system-clock.js'

/** The machine's own time, with a count of the timers that are set. */
export class CountingClock implements Clock {
  readonly #clock = new SystemClock()
  readonly #pending = new Set<object>()

  get pending(): number {
    return this.#pending.size
  }

  now(): number {
    return this.#clock.now()
  }

  after(ms: number, task: () => void): () => void {
    const timer = {}
    this.#pending.add(timer)
    const cancel = this.#clock.after(ms, () => {
      this.#pending.delete(timer)
      task()
    })
    return () => {
      this.#pending.delete(timer)
      cancel()
    }
  }

  soon(task: () => void): void {
    this.#clock.soon(task)
  }
}
