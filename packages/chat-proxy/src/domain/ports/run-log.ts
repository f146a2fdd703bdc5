import type { LoggedEvent, RunEvent } from '../run-event.js'
import type { RunRef } from '../run.js'

/**
 * The ordered events of every run, readable while it is being written. An event is in the log before any reader gets it; while
 * a log that processes share is silent or away, the one in the memory of the writing process is the log for readers beside it.
 * Kept for at least ten minutes after `closed`. Adapters pass `runLogSuite`.
 */
export interface RunLog {
  /** Whether others read it when the process of its writer has died, so that somebody has to see that it tells the end. */
  readonly outlivesWriter: boolean
  /**
   * The one writer of a run; from now on the log knows the run. A second one is a fault of the caller: it throws here in the
   * process of the first, and is refused when it flushes anywhere else.
   */
  writer(run: RunRef): RunLogWriter
  /**
   * Sequence number of the newest event; 0 when nothing can be read yet; `null` when the log does not know the run (never
   * did, or no longer).
   * @throws RunLogUnavailable
   */
  lastSeq(run: RunRef): Promise<number | null>
  /**
   * Events after `after`, in batches, then live ones as they come; ends after `closed` or when `signal` aborts.
   * No event is missing or doubled between replay and live. A slow reader catches up from the log and holds no memory.
   * @throws RunLogGap when `after` is ahead of the log or the log does not know the run, or when it loses it on the way.
   * @throws RunLogUnavailable at any time; reading on later from the last event received misses nothing.
   */
  follow(run: RunRef, after: number, signal: AbortSignal): LoggedBatches
  /**
   * Ends the log of a run whose writer is dead or must be taken for dead: appends `events`, the last of them `closed`, and
   * shuts that writer out for good. Only when `after` is still the newest event, so that nothing came between what the
   * caller has read and what it says about the end. A log that is closed already stays as it is.
   * @returns whether the log is closed now
   * @throws RunLogUnavailable
   */
  conclude(run: RunRef, after: number, events: readonly RunEvent[]): Promise<boolean>
  /** Takes away what is kept of runs that have ended. @throws RunLogUnavailable */
  forget(runs: readonly RunRef[]): Promise<void>
}

/** Batches of events as they come. To be looped over; or poured, where the log can do that. */
export interface LoggedBatches extends AsyncIterable<readonly LoggedEvent[]> {
  /**
   * Gives each batch to `take` in the turn in which it comes, without the promises that looping costs for each token. While
   * a promise that `take` answers is open, the reader gets nothing.
   * @returns at the end @throws as looping; and what `take` throws, which ends the reading
   */
  pour?(take: TakeBatch): Promise<void>
}

export type TakeBatch = (events: readonly LoggedEvent[]) => void | Promise<void>

export interface RunLogWriter {
  /** Appends in order and answers the sequence number. Never blocks; `flush` is where failure shows. */
  append(event: RunEvent): number
  /**
   * Resolves when everything appended so far is readable for everyone.
   * @throws RunLogUnavailable what was appended is kept, readable in this process, and written as soon as the log is back.
   * @throws RunLogTakenOver nothing that this writer still holds will be written.
   */
  flush(): Promise<void>
}

/** The log cannot continue from the given place; the reader needs a snapshot (`resync`). */
export class RunLogGap extends Error {
  override readonly name = 'RunLogGap'
}

/** The log cannot be reached at the moment. Nothing is lost; try again shortly. */
export class RunLogUnavailable extends Error {
  override readonly name = 'RunLogUnavailable'

  constructor(options?: ErrorOptions) {
    super('The run log cannot be reached at the moment.', options)
  }
}

/** Somebody else ended this log, or writes it. */
export class RunLogTakenOver extends Error {
  override readonly name = 'RunLogTakenOver'

  constructor() {
    super('Another writer has this run.')
  }
}
