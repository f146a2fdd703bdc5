import type { Clock } from '../../domain/ports/clock.js'
import {
  RunLogTakenOver,
  RunLogUnavailable,
  type LoggedBatches,
  type RunLog,
  type RunLogWriter,
} from '../../domain/ports/run-log.js'
import { isStoreAway } from '../../domain/errors.js'
import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import { Retention } from '../memory/retention.js'
import { runKey } from '../memory/run-key.js'
import { followStream } from './follow-stream.js'
import { LocalFirst } from './local-first.js'
import type { RedisConnection } from './redis-connection.js'
import { RedisRunWriter } from './redis-run-writer.js'
import { RoundTrips } from './round-trips.js'
import { RunStreams } from './run-streams.js'

export interface RedisRunLogOptions {
  readonly connection: RedisConnection
  readonly clock: Clock
  /** Milliseconds a log stays readable after `closed`. Default 15 minutes. */
  readonly retention?: number
  /**
   * Most events of closed logs that wait for a Redis that is away; default 500,000, about 15 MB. Beyond it the log that
   * closed first is given up; readers get its answer from the store.
   */
  readonly maxWaitingEvents?: number
}

/**
 * The run log of many processes. What this process writes it also reads back from its own memory, at no cost to Redis and
 * even while Redis is away; what others write it reads from Redis.
 */
export class RedisRunLog implements RunLog {
  readonly outlivesWriter = true
  readonly #streams: RunStreams
  readonly #trips: RoundTrips
  readonly #clock: Clock
  readonly #writers = new Map<string, RedisRunWriter>()
  readonly #waiting: Retention

  constructor({ connection, clock, retention, maxWaitingEvents: maxEvents }: RedisRunLogOptions) {
    this.#streams = new RunStreams(connection, retention === undefined ? {} : { retention })
    this.#trips = new RoundTrips((appends) => this.#streams.append(appends), clock)
    this.#clock = clock
    const drop = (key: string): void => this.#writers.get(key)?.giveUp()
    this.#waiting = new Retention({ clock, retention, maxEvents, drop })
  }

  writer(run: RunRef): RunLogWriter {
    const key = runKey(run)
    if (this.#writers.has(key)) throw new Error('This run has a writer already.')
    const writer = new RedisRunWriter(run, this.#trips, this.#clock, () => {
      this.#writers.delete(key)
      this.#waiting.release(key)
    })
    this.#writers.set(key, writer)
    return {
      append: (event) => {
        const seq = writer.append(event)
        if (event.type === 'closed' && !writer.isDone) this.#waiting.hold(key, seq)
        return seq
      },
      flush: () => writer.flush(),
    }
  }

  async lastSeq(run: RunRef): Promise<number | null> {
    const own = this.#writers.get(runKey(run))
    if (own) return own.buffer.released
    const newest = await this.#streams.newest(run).catch(rethrow)
    return newest?.seq ?? null
  }

  follow(run: RunRef, after: number, signal: AbortSignal): LoggedBatches {
    const own = this.#writers.get(runKey(run))
    const shared = (from: number): LoggedBatches => this.#followShared(run, from, signal)
    return own ? new LocalFirst(own.buffer, after, signal, shared) : shared(after)
  }

  async *#followShared(
    run: RunRef,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly LoggedEvent[]> {
    if (signal.aborted) return
    try {
      yield* followStream(this.#streams, run, after, signal)
    } catch (error) {
      rethrow(error)
    }
  }

  async conclude(run: RunRef, after: number, events: readonly RunEvent[]): Promise<boolean> {
    const own = this.#writers.get(runKey(run))
    if (own?.buffer.isClosed) {
      await own.flush()
      return true
    }
    const logged = events.map((event, index) => ({ seq: after + index + 1, event }))
    const isClosed = await this.#streams.conclude(run, after, logged).catch(rethrow)
    if (isClosed) own?.giveUp(new RunLogTakenOver())
    return isClosed
  }

  async forget(runs: readonly RunRef[]): Promise<void> {
    for (const run of runs) {
      this.#writers.get(runKey(run))?.giveUp()
      await this.#streams.remove(run).catch(rethrow)
    }
  }

  /**
   * Resolves when Redis has everything that was written here, or will not have it for now: to be called before the
   * connection is closed.
   */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#writers.values()].map((writer) => writer.flush()))
    for (const writer of this.#writers.values()) writer.giveUp()
  }
}

/** @throws always: RunLogUnavailable when Redis cannot be used, else the error itself */
function rethrow(error: unknown): never {
  if (isStoreAway(error)) throw new RunLogUnavailable({ cause: error.cause })
  throw error
}
