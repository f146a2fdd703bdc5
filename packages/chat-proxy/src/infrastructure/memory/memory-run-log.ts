import type { Clock } from '../../domain/ports/clock.js'
import { RunLogGap, type LoggedBatches, type RunLog, type RunLogWriter } from '../../domain/ports/run-log.js'
import type { RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import { unreadable } from './buffer-reader.js'
import { MemoryRunWriter } from './memory-run-writer.js'
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
  readonly outlivesWriter = false
  readonly #clock: Clock
  readonly #retention: Retention
  readonly #logs = new Map<string, MemoryRunWriter>()

  constructor({ clock, retention, maxClosedEvents: maxEvents }: MemoryRunLogOptions) {
    this.#clock = clock
    this.#retention = new Retention({ clock, retention, maxEvents, drop: (key) => this.#logs.delete(key) })
  }

  writer(run: RunRef): RunLogWriter {
    const key = runKey(run)
    if (this.#logs.has(key)) throw new Error('This run has a writer already.')
    const writer = new MemoryRunWriter(this.#clock, (closed) => this.#retention.hold(key, closed))
    this.#logs.set(key, writer)
    return writer
  }

  lastSeq(run: RunRef): Promise<number | null> {
    return Promise.resolve(this.#logs.get(runKey(run))?.buffer.lastSeq ?? null)
  }

  follow(run: RunRef, after: number, signal: AbortSignal): LoggedBatches {
    const log = this.#logs.get(runKey(run))?.buffer
    return log?.follow(after, signal) ?? unreadable(new RunLogGap('The log does not know this run.'))
  }

  async conclude(run: RunRef, after: number, events: readonly RunEvent[]): Promise<boolean> {
    const writer = this.#logs.get(runKey(run))
    if (writer?.buffer.lastSeq === after && !writer.buffer.isClosed && after > 0) writer.conclude(events)
    return writer?.buffer.isClosed ?? false
  }

  forget(runs: readonly RunRef[]): Promise<void> {
    for (const run of runs) {
      const key = runKey(run)
      if (!this.#logs.get(key)?.buffer.isClosed) continue
      this.#retention.release(key)
      this.#logs.delete(key)
    }
    return Promise.resolve()
  }
}
