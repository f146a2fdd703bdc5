import type { RunSignals } from '../../domain/ports/run-signals.js'
import type { RunRef } from '../../domain/run.js'
import { MemoryRunSignals } from '../memory/memory-run-signals.js'
import type { RedisConnection } from './redis-connection.js'

/** How long a stop is remembered for a process that did not hear it. Run ids are never used twice, so an old one does no harm. */
const REMEMBERED_MS = 3_600_000

/**
 * Stop requests across processes: told to all on one channel, and remembered under a key for the process that was not
 * listening at that moment. The key is written before the message goes out, and looked up after the listening began.
 */
export class RedisRunSignals implements RunSignals {
  readonly #connection: RedisConnection
  readonly #here = new MemoryRunSignals()
  /** One for each listener. */
  readonly #awaited = new Set<RunRef>()
  readonly #releases: readonly (() => void)[]

  constructor(connection: RedisConnection) {
    this.#connection = connection
    const lookUpAll = (): void => this.#lookUp([...this.#awaited])
    this.#releases = [
      connection.subscriptions.expect(this.#channel(), (message) =>
        message === null ? lookUpAll() : this.#stopHere(parseRun(message)),
      ),
      // The two connections come back one after the other: when the listening begins, there may be no way to look up yet.
      connection.onUsable(lookUpAll),
    ]
  }

  async requestStop(run: RunRef): Promise<void> {
    const isHere = this.#here.isAwaited(run)
    const [here, elsewhere] = await Promise.allSettled([this.#here.requestStop(run), this.#publish(run)])
    if (here.status === 'rejected') throw here.reason
    if (elsewhere.status === 'rejected' && !isHere) throw elsewhere.reason
  }

  onStop(run: RunRef, listener: () => void): () => void {
    const awaited = { ...run }
    this.#awaited.add(awaited)
    const stop = this.#here.onStop(run, () => {
      this.#awaited.delete(awaited)
      listener()
    })
    this.#lookUp([awaited])
    return () => {
      this.#awaited.delete(awaited)
      stop()
    }
  }

  close(): void {
    for (const release of this.#releases) release()
    this.#awaited.clear()
  }

  #publish(run: RunRef): Promise<unknown> {
    return this.#connection.use(async (redis) => {
      const results = await redis
        .multi()
        .set(this.#key(run), '1', 'PX', REMEMBERED_MS)
        .publish(this.#channel(), runName(run))
        .exec()
      for (const [error] of results ?? []) if (error) throw error
    })
  }

  /** Was a stop asked for while we did not listen? When Redis is away, the same question comes again once it is back. */
  #lookUp(runs: readonly RunRef[]): void {
    for (const run of runs) {
      this.#connection
        .use((redis) => redis.exists(this.#key(run)))
        .then((found) => (found === 1 && this.#awaited.has(run) ? this.#stopHere(run) : undefined))
        .catch(() => {})
    }
  }

  /** Listeners that throw are no concern of the connection. */
  #stopHere(run: RunRef): void {
    this.#here.requestStop(run).catch(() => {})
  }

  #key(run: RunRef): string {
    return `${this.#connection.prefix}stop:${runName(run)}`
  }

  #channel(): string {
    return `${this.#connection.prefix}stops`
  }
}

/** JSON, because any two runs differ in it, whatever their ids hold. */
const runName = ({ tenantId, runId }: RunRef): string => JSON.stringify([tenantId, runId])

function parseRun(name: string): RunRef {
  // Only this adapter publishes on this channel.
  const [tenantId, runId]: [string, string] = JSON.parse(name)
  return { tenantId, runId }
}
