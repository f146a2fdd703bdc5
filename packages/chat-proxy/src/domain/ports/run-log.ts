import type { LoggedEvent, RunEvent } from '../run-event.js'
import type { RunRef } from '../run.js'

/**
 * The ordered events of every run, readable while it is being written. An event is in the log before any reader gets it.
 * Kept for at least ten minutes after `closed`. Adapters pass `runLogSuite`.
 */
export interface RunLog {
  /** The one writer of a run. A second writer for the same run is a fault of the caller. */
  writer(run: RunRef): RunLogWriter
  /** Sequence number of the newest event; `null` when the log does not know the run (never did, or no longer). */
  lastSeq(run: RunRef): Promise<number | null>
  /**
   * Events after `after`, in batches, then live ones as they come; ends after `closed` or when `signal` aborts.
   * No event is missing or doubled between replay and live. A slow reader catches up from the log and holds no memory.
   * @throws RunLogGap before the first batch when `after` is ahead of the log or the log does not know the run.
   */
  follow(run: RunRef, after: number, signal: AbortSignal): AsyncIterable<readonly LoggedEvent[]>
}

export interface RunLogWriter {
  /** Appends in order and answers the sequence number. Never blocks; `flush` is where failure shows. */
  append(event: RunEvent): number
  /** Resolves when everything appended so far is readable. @throws when the log cannot take it. */
  flush(): Promise<void>
}

/** The log cannot continue from the given place; the reader needs a snapshot (`resync`). */
export class RunLogGap extends Error {
  override readonly name = 'RunLogGap'
}
