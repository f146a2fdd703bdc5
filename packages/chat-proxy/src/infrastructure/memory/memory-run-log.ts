import type { Clock } from '../../domain/ports/clock.js'
import { RunLogGap, type RunLog, type RunLogWriter } from '../../domain/ports/run-log.js'
import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import { runKey } from './run-key.js'

export interface MemoryRunLogOptions {
  readonly clock: Clock
  /** Milliseconds a log stays readable after `closed`. Default 15 minutes. */
  readonly retention?: number
  /**
   * Most events kept in closed logs, all runs together; default 500,000, about 75 MB. Beyond it the log that closed first
   * is dropped before its time, and its readers get a snapshot from the store instead.
   */
  readonly maxClosedEvents?: number
}

const RETENTION = 15 * 60_000
const MAX_CLOSED_EVENTS = 500_000
/** Events in one batch, so that a reader from the start of a long log does not copy all of it. */
const BATCH = 512

/** The run log of a single process: what one instance generates, that instance can replay. */
export class MemoryRunLog implements RunLog {
  readonly #clock: Clock
  readonly #retention: number
  readonly #maxClosedEvents: number
  readonly #logs = new Map<string, Log>()
  /** Closed logs, the one that closed first in front, with the way to cancel its end. */
  readonly #closed = new Map<string, () => void>()
  #closedEvents = 0

  constructor(options: MemoryRunLogOptions) {
    this.#clock = options.clock
    this.#retention = options.retention ?? RETENTION
    this.#maxClosedEvents = options.maxClosedEvents ?? MAX_CLOSED_EVENTS
  }

  writer(run: RunRef): RunLogWriter {
    const key = runKey(run)
    if (this.#logs.has(key)) throw new Error('This run has a writer already.')
    const log = new Log()
    this.#logs.set(key, log)
    return {
      append: (event) => {
        const seq = log.append(event, this.#clock.now())
        if (event.type === 'closed') this.#retain(key, log)
        return seq
      },
      flush: () => Promise.resolve(),
    }
  }

  lastSeq(run: RunRef): Promise<number | null> {
    return Promise.resolve(this.#logs.get(runKey(run))?.lastSeq || null)
  }

  async *follow(run: RunRef, after: number, signal: AbortSignal): AsyncGenerator<readonly LoggedEvent[]> {
    const log = this.#logs.get(runKey(run))
    if (!log?.lastSeq) throw new RunLogGap('The log does not know this run.')
    if (after > log.lastSeq) throw new RunLogGap('The cursor is ahead of the log.')
    let seen = after
    while (!signal.aborted) {
      const batch = log.read(seen)
      if (batch.length > 0) {
        seen += batch.length
        yield batch
      } else if (log.isClosed) {
        return
      } else {
        await log.changed(signal)
      }
    }
  }

  #retain(key: string, log: Log): void {
    const cancel = this.#clock.after(this.#retention, () => this.#drop(key))
    this.#closed.set(key, cancel)
    this.#closedEvents += log.lastSeq
    for (const oldest of this.#closed.keys()) {
      if (this.#closedEvents <= this.#maxClosedEvents) break
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#closed.get(key)?.()
    this.#closed.delete(key)
    this.#closedEvents -= this.#logs.get(key)?.lastSeq ?? 0
    this.#logs.delete(key)
  }
}

/** The events of one run, and the readers that have seen them all and wait for more. */
class Log {
  readonly #events: LoggedEvent[] = []
  readonly #waiting = new Set<() => void>()
  isClosed = false

  get lastSeq(): number {
    return this.#events.length
  }

  append(event: RunEvent, at: number): number {
    if (this.isClosed) throw new Error('This log is closed.')
    const seq = this.#events.push({ seq: this.#events.length + 1, at, event })
    this.isClosed = event.type === 'closed'
    for (const wake of this.#waiting) wake()
    return seq
  }

  read(after: number): readonly LoggedEvent[] {
    return this.#events.slice(after, after + BATCH)
  }

  /** Resolves with the next event or when `signal` aborts. No timer, and nothing is left behind either way. */
  changed(signal: AbortSignal): Promise<void> {
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
