import type { RunRef } from '../run.js'

/** Carries the wish to stop a run to whichever process generates it. */
export interface RunSignals {
  requestStop(run: RunRef): Promise<void>
  /** Calls `listener` at most once, when a stop is asked for. Returns the way to unsubscribe. */
  onStop(run: RunRef, listener: () => void): () => void
}
