import { Redis, type RedisOptions } from 'ioredis'
import { AnswerGuard } from '../liveness/answer-guard.js'
import { toRedisFailure } from './redis-error.js'
import { RedisSubscriptions } from './redis-subscriptions.js'

export interface RedisConnectionOptions {
  /** `redis://user:password@host:port/database`, `rediss://` for TLS. */
  readonly url: string
  /** Stands in front of every key and channel. Default `colloquy:`. */
  readonly prefix?: string
  /** Milliseconds after which a command that got no answer is given up for good. Default 5,000; that Redis is silent is known far sooner. */
  readonly commandTimeout?: number
  /** Called with `true` each time Redis becomes usable and with `false` when it no longer is. */
  readonly onChange?: (isUp: boolean) => void
}

const PREFIX = 'colloquy:'
const COMMAND_TIMEOUT_MS = 5_000
const CONNECT_TIMEOUT_MS = 2_000
const LONGEST_PAUSE_MS = 1_000

/**
 * This process's two connections to Redis: one for commands, one that only listens. Both come back by themselves. Nothing
 * waits for a Redis that is away or hangs: a command fails at once, and what to do then is for the caller to decide.
 */
export class RedisConnection {
  readonly prefix: string
  readonly subscriptions: RedisSubscriptions
  readonly #redis: Redis
  readonly #listening: Redis
  readonly #guard: AnswerGuard
  readonly #onChange: (isUp: boolean) => void
  #isUp: boolean | null = null

  /** Resolves when Redis is connected or the first try failed; the latter is no error, more tries follow. */
  static async open(options: RedisConnectionOptions): Promise<RedisConnection> {
    const connection = new RedisConnection(options)
    await Promise.allSettled([connection.#redis.connect(), connection.#listening.connect()])
    return connection
  }

  private constructor({ url, prefix, commandTimeout, onChange }: RedisConnectionOptions) {
    this.prefix = prefix ?? PREFIX
    this.#onChange = onChange ?? (() => {})
    const settings = { ...SETTINGS, commandTimeout: commandTimeout ?? COMMAND_TIMEOUT_MS }
    this.#redis = new Redis(url, settings)
    this.#listening = new Redis(url, settings)
    this.#guard = new AnswerGuard({
      probe: () => this.#redis.ping(),
      onChange: (answers) => this.#tell(answers && this.#redis.status === 'ready'),
      detail: 'The connection between the servers is down at the moment. Try again shortly.',
    })
    // First of all that listens to this: the others may send commands at once.
    this.#redis.on('ready', () => this.#guard.heard())
    this.subscriptions = new RedisSubscriptions(this.#listening, (work) => this.#guard.run(work))
    // Whoever sent a command gets its failure; without a listener the client would write to the console.
    for (const redis of [this.#redis, this.#listening]) redis.on('error', () => {})
    this.#redis.on('ready', () => this.#tell(true)).on('close', () => this.#tell(false))
  }

  /** @throws DomainError `store-unavailable` · RedisError for a fault of ours */
  async use<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    // A command would fail now as well, but be made first, with all that it carries.
    if (this.#redis.status !== 'ready') throw toRedisFailure(new Error('Redis is not connected.'))
    try {
      const answer = await this.#guard.run(() => command(this.#redis))
      this.#guard.heard()
      return answer
    } catch (error) {
      throw toRedisFailure(error)
    }
  }

  /** Calls `listener` each time commands can be sent again, the first time included. Returns the way to stop. */
  onUsable(listener: () => void): () => void {
    this.#redis.on('ready', listener)
    return () => this.#redis.off('ready', listener)
  }

  /** Commands under way fail. */
  close(): void {
    this.#guard.close()
    this.subscriptions.close()
    for (const redis of [this.#redis, this.#listening]) redis.disconnect()
  }

  #tell(isUp: boolean): void {
    if (this.#isUp !== isUp) this.#onChange(isUp)
    this.#isUp = isUp
  }
}

const SETTINGS = {
  lazyConnect: true,
  connectTimeout: CONNECT_TIMEOUT_MS,
  enableOfflineQueue: false,
  // A command whose answer was lost may have been done; only its sender can tell whether to repeat it.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // RedisSubscriptions does this itself, because it has to know when it is done.
  autoResubscribe: false,
  retryStrategy: (times) => Math.random() * Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(times, 10)),
  // After a failover the old primary answers READONLY; a new connection finds the new one.
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions
