import type { RunSignals } from '../../domain/ports/run-signals.js'
import type { RunRef } from '../../domain/run.js'
import { runKey } from './run-key.js'

type Listener = () => void

/** Stops that nobody listened to yet and that are remembered; run ids are never used twice, so an old one does no harm. */
const REMEMBERED = 1000

/** Stop requests within one process. */
export class MemoryRunSignals implements RunSignals {
  readonly #listeners = new Map<string, Set<Listener>>()
  /** A stop can overtake the start of its generation; without this it would be lost and the answer would run on. */
  readonly #early = new Set<string>()

  /** @throws AggregateError when listeners threw; every listener has been called nonetheless. */
  async requestStop(run: RunRef): Promise<void> {
    const key = runKey(run)
    const listeners = this.#listeners.get(key)
    if (!listeners) return this.#remember(key)
    this.#listeners.delete(key)
    const results = await Promise.allSettled([...listeners].map(async (listener) => listener()))
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    if (errors.length > 0) throw new AggregateError(errors, 'Listeners of a stop failed.')
  }

  /** Whether somebody in this process waits for a stop of the run. */
  isAwaited(run: RunRef): boolean {
    return this.#listeners.has(runKey(run))
  }

  onStop(run: RunRef, listener: Listener): () => void {
    const key = runKey(run)
    // Wrapped, so that subscribing one function twice makes two subscriptions.
    const own = (): void => listener()
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners.add(own))
    if (this.#early.delete(key)) queueMicrotask(() => void (listeners.delete(own) && listener()))
    return () => {
      listeners.delete(own)
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key)
    }
  }

  #remember(key: string): void {
    this.#early.add(key)
    for (const oldest of this.#early) {
      if (this.#early.size <= REMEMBERED) break
      this.#early.delete(oldest)
    }
  }
}
