import type { Clock } from '../../domain/ports/clock.js'
import type { RunReaders } from '../../domain/ports/run-readers.js'
import type { RunRef } from '../../domain/run.js'
import { runKey } from './run-key.js'

/** Readers within one process. */
export class MemoryRunReaders implements RunReaders {
  readonly #clock: Clock
  /** Until when each run counts as read, the one seen last at the end. */
  readonly #until = new Map<string, number>()

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock
  }

  async seen(run: RunRef, forMs: number): Promise<void> {
    const now = this.#clock.now()
    const key = runKey(run)
    this.#until.delete(key)
    this.#until.set(key, now + forMs)
    // Runs end without a word to us; those at the front were seen first and go first.
    for (const [oldest, until] of this.#until) {
      if (until > now) break
      this.#until.delete(oldest)
    }
  }

  async remaining(run: RunRef): Promise<number> {
    return Math.max(0, (this.#until.get(runKey(run)) ?? 0) - this.#clock.now())
  }
}
