import { RunLogGap } from '../../domain/ports/run-log.js'
import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'

/** Events in one batch, so that a reader from the start of a long log does not copy all of it. */
const BATCH = 512

/**
 * The events of one run in the process that generates it. Readers see those that are released; the ones behind them are
 * still on their way into a log that all processes share.
 */
export class EventBuffer {
  readonly #events: LoggedEvent[] = []
  readonly #waiting = new Set<() => void>()
  #released = 0
  #isAbandoned = false

  /** How many events there are: the sequence number of the newest. */
  get lastSeq(): number {
    return this.#events.length
  }

  /** Sequence number of the newest event that readers see. */
  get released(): number {
    return this.#released
  }

  get isClosed(): boolean {
    return this.#events.at(-1)?.event.type === 'closed'
  }

  /** Readers see the whole of a closed log, or nothing more will come. */
  get isComplete(): boolean {
    return this.#isAbandoned || (this.isClosed && this.#released === this.#events.length)
  }

  /** @returns its sequence number. @throws after `closed`, which is a fault of the caller */
  append(event: RunEvent, at: number): number {
    if (this.isClosed) throw new Error('This log is closed.')
    return this.#events.push({ seq: this.#events.length + 1, at, event })
  }

  /** Shows readers the events up to `seq`. */
  release(seq: number): void {
    if (seq <= this.#released) return
    this.#released = seq
    this.#wake()
  }

  /** Ends all reading where it stands. */
  abandon(): void {
    this.#isAbandoned = true
    this.#wake()
  }

  /** Released or not: what comes after `seq`, at most `limit` events. */
  after(seq: number, limit: number): readonly LoggedEvent[] {
    return this.#events.slice(seq, seq + limit)
  }

  /** As `RunLog.follow`; also ends when the buffer is abandoned. */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<readonly LoggedEvent[]> {
    if (after > this.#released) throw new RunLogGap('The cursor is ahead of the log.')
    let seen = after
    while (!signal.aborted) {
      const batch = this.#events.slice(seen, Math.min(seen + BATCH, this.#released))
      if (batch.length > 0) {
        seen += batch.length
        yield batch
      } else if (this.isComplete) {
        return
      } else {
        await this.#changed(signal)
      }
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
  }

  /** Resolves with the next event or when `signal` aborts. No timer, and nothing is left behind either way. */
  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
