import type { RunRef } from '../run.js'

/** Carries the wish to stop a run to whichever process generates it. Adapters pass `runSignalsSuite`. */
export interface RunSignals {
  /**
   * Resolves when the wish is on its way to every listener, or remembered for the one that has yet to come.
   * @throws DomainError `store-unavailable` when it can reach nobody but this process, and nobody listens here.
   */
  requestStop(run: RunRef): Promise<void>
  /** Calls `listener` at most once, when a stop is asked for or has been. Returns the way to unsubscribe. */
  onStop(run: RunRef, listener: () => void): () => void
}
