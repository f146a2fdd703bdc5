import type { RunReaders } from '../../domain/ports/run-readers.js'
import type { RunRef } from '../../domain/run.js'
import type { RedisConnection } from './redis-connection.js'

/** Readers in all processes that share a Redis: a key that lives as long as its run counts as read. */
export class RedisRunReaders implements RunReaders {
  readonly #connection: RedisConnection

  constructor(connection: RedisConnection) {
    this.#connection = connection
  }

  async seen(run: RunRef, forMs: number): Promise<void> {
    await this.#connection.use((redis) => redis.set(this.#key(run), '1', 'PX', forMs))
  }

  async remaining(run: RunRef): Promise<number> {
    // Below zero: there is no such key.
    return Math.max(0, await this.#connection.use((redis) => redis.pttl(this.#key(run))))
  }

  /** JSON, because any two runs differ in it, whatever their ids hold. */
  #key({ tenantId, runId }: RunRef): string {
    return `${this.#connection.prefix}read:${JSON.stringify([tenantId, runId])}`
  }
}
