import { randomUUID } from 'node:crypto'
import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import type { RedisConnection } from './redis-connection.js'
import { toRedisFailure } from './redis-error.js'
import type { ScriptCall } from './redis-script.js'
import type { ChannelListener } from './redis-subscriptions.js'
import { APPEND, CONCLUDE } from './run-stream-scripts.js'

export interface RunStreamsOptions {
  /** Milliseconds a log stays readable after `closed`. Default 15 minutes. */
  readonly retention?: number
}

/** Events for one stream. */
export interface Append {
  readonly run: RunRef
  /** Names the writer. */
  readonly token: string
  readonly events: readonly LoggedEvent[]
}

const RETENTION = 15 * 60_000
/** For a log whose writer died and that nobody closed. Every batch starts it anew. */
const OPEN_LIFETIME = 24 * 3_600_000

/**
 * The log of each run as one stream in Redis: the id of an entry is `<seq>-0`, beside it stands who may write. Every method
 * throws DomainError `store-unavailable` when Redis cannot be used, RedisError for a fault of ours.
 */
export class RunStreams {
  readonly #connection: RedisConnection
  readonly #retention: number

  constructor(connection: RedisConnection, { retention = RETENTION }: RunStreamsOptions = {}) {
    this.#connection = connection
    this.#retention = retention
  }

  /**
   * Appends to many streams in one round trip: to each all of its events, which follow on each other, or none.
   * @returns for each the newest sequence number in its stream: lower than those of its events when Redis lost what came before
   *   them, `null` when somebody else writes this run; or the error with which it alone failed
   */
  async append(appends: readonly Append[]): Promise<readonly (number | null | Error)[]> {
    // Made only when Redis is there: while it is away nothing is lost by trying.
    const answers = await this.#connection.use((redis) =>
      APPEND.runAll(
        redis,
        appends.map((append) => this.#callOf(append)),
      ),
    )
    return answers.map((answer) => {
      if (answer instanceof Error) return toRedisFailure(answer)
      const last = Number(answer)
      return last < 0 ? null : last
    })
  }

  /** Closes the stream if `after` is its newest sequence number. @returns whether it is closed now */
  async conclude(run: RunRef, after: number, events: readonly LoggedEvent[]): Promise<boolean> {
    const args = [randomUUID(), this.#retention, this.#channel(run), after, ...fieldsOf(events)]
    return (await this.#connection.use((redis) => CONCLUDE.run(redis, this.#keys(run), args))) === 1
  }

  async remove(run: RunRef): Promise<void> {
    await this.#connection.use((redis) => redis.del(...this.#keys(run)))
  }

  /** The newest event; `null` when there is no such stream. */
  async newest(run: RunRef): Promise<LoggedEvent | null> {
    const [key] = this.#keys(run)
    const [newest] = await this.#connection.use((redis) => redis.xrevrange(key, '+', '-', 'COUNT', 1))
    return newest ? toEvent(newest) : null
  }

  /** At most `limit` events after `seq`. */
  async after(run: RunRef, seq: number, limit: number): Promise<readonly LoggedEvent[]> {
    const [key] = this.#keys(run)
    const entries = await this.#connection.use((redis) =>
      redis.xrange(key, `${seq + 1}-0`, '+', 'COUNT', limit),
    )
    return entries.map(toEvent)
  }

  /**
   * Calls `listener` whenever something was appended, or with `null` when something may have been. Resolves when it listens.
   * @returns the way to end it
   */
  listen(run: RunRef, listener: ChannelListener): Promise<() => void> {
    return this.#connection.subscriptions.listen(this.#channel(run), listener)
  }

  #callOf({ run, token, events }: Append): ScriptCall {
    const isClosing = events.at(-1)?.event.type === 'closed'
    const lifetime = isClosing ? this.#retention : OPEN_LIFETIME
    const [stream, writer] = this.#keys(run)
    const args = [token, lifetime, stream, events[0]?.seq ?? 0, ...fieldsOf(events)]
    return { keys: [stream, writer], args }
  }

  /** The braces keep both in one slot of a cluster. JSON, because any two runs differ in it, whatever their ids hold. */
  #keys({ tenantId, runId }: RunRef): readonly [stream: string, writer: string] {
    const run = `${this.#connection.prefix}run:{${JSON.stringify([tenantId, runId])}}`
    return [`${run}:events`, `${run}:writer`]
  }

  #channel(run: RunRef): string {
    return this.#keys(run)[0]
  }
}

const fieldsOf = (events: readonly LoggedEvent[]): string[] =>
  events.map(({ event }) => JSON.stringify(event))

function toEvent([id, fields]: [id: string, fields: string[]]): LoggedEvent {
  // Only this adapter writes these entries: `event`, its value.
  const event: RunEvent = JSON.parse(fields[1] ?? '')
  return { seq: Number.parseInt(id, 10), event }
}
