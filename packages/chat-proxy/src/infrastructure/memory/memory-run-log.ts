import type { Clock } from '../../domain/ports/clock.js'
import {
  RunLogGap,
  RunLogTakenOver,
  type LoggedBatches,
  type RunLog,
  type RunLogWriter,
} from '../../domain/ports/run-log.js'
import type { RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import { unreadable } from './buffer-reader.js'
import { EventBuffer } from './event-buffer.js'
import { Retention } from './retention.js'
import { runKey } from './run-key.js'

export interface MemoryRunLogOptions {
  readonly clock: Clock
  /** Milliseconds a log stays readable after `closed`. Default 15 minutes. */
  readonly retention?: number
  /**
   * Most events kept in closed logs, all runs together; default 500,000, about 15 MB. Beyond it the log that closed first
   * is dropped before its time, and its readers get a snapshot from the store instead.
   */
  readonly maxClosedEvents?: number
}

/** The run log of a single process: what one instance generates, that instance can replay. */
export class MemoryRunLog implements RunLog {
  readonly #clock: Clock
  readonly #retention: Retention
  readonly #logs = new Map<string, EventBuffer>()
  /** Logs that their writer no longer has. */
  readonly #concluded = new WeakSet<EventBuffer>()

  constructor({ clock, retention, maxClosedEvents: maxEvents }: MemoryRunLogOptions) {
    this.#clock = clock
    this.#retention = new Retention({ clock, retention, maxEvents, drop: (key) => this.#logs.delete(key) })
  }

  writer(run: RunRef): RunLogWriter {
    const key = runKey(run)
    if (this.#logs.has(key)) throw new Error('This run has a writer already.')
    const log = new EventBuffer(this.#clock)
    this.#logs.set(key, log)
    let lost = 0
    return {
      append: (event) => (this.#concluded.has(log) ? log.lastSeq + ++lost : this.#append(key, log, event)),
      flush: () => (this.#concluded.has(log) ? Promise.reject(new RunLogTakenOver()) : Promise.resolve()),
    }
  }

  lastSeq(run: RunRef): Promise<number | null> {
    return Promise.resolve(this.#logs.get(runKey(run))?.lastSeq ?? null)
  }

  follow(run: RunRef, after: number, signal: AbortSignal): LoggedBatches {
    const log = this.#logs.get(runKey(run))
    return log?.follow(after, signal) ?? unreadable(new RunLogGap('The log does not know this run.'))
  }

  async conclude(run: RunRef, after: number, events: readonly RunEvent[]): Promise<boolean> {
    const key = runKey(run)
    const log = this.#logs.get(key)
    if (log?.lastSeq === after && !log.isClosed && after > 0) {
      this.#concluded.add(log)
      for (const event of events) this.#append(key, log, event)
    }
    return log?.isClosed ?? false
  }

  forget(runs: readonly RunRef[]): Promise<void> {
    for (const run of runs) {
      const key = runKey(run)
      if (!this.#logs.get(key)?.isClosed) continue
      this.#retention.release(key)
      this.#logs.delete(key)
    }
    return Promise.resolve()
  }

  #append(key: string, log: EventBuffer, event: RunEvent): number {
    const seq = log.append(event)
    log.release(seq)
    if (event.type === 'closed') this.#retention.hold(key, seq)
    return seq
  }
}
