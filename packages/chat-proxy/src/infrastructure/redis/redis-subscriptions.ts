import type { Redis } from 'ioredis'
import { toRedisFailure } from './redis-error.js'

/** Called with each message, and with `null` when messages may have been missed, because the listening begins or the connection was down. */
export type ChannelListener = (message: string | null) => void

/** How often it is checked that the connection still carries anything; a cut cable is silent like a quiet channel. */
const PING_MS = 5_000

/** Channels that this process listens to, all over one connection, however many listeners a channel has. */
export class RedisSubscriptions {
  readonly #redis: Redis
  readonly #listeners = new Map<string, Set<ChannelListener>>()
  readonly #ping: NodeJS.Timeout

  readonly #guarded: <T>(work: () => Promise<T>) => Promise<T>

  /** @param redis used for nothing else @param guarded lets work be done for as long as Redis answers */
  constructor(redis: Redis, guarded: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#redis = redis
    this.#guarded = guarded
    redis.on('message', (channel: string, message: string) => this.#tell(channel, message))
    redis.on('ready', () => void this.#subscribe([...this.#listeners.keys()]))
    this.#ping = setInterval(() => void this.#check(), PING_MS).unref()
  }

  /**
   * Resolves when everything published from now on will arrive; the way to stop listening.
   * @throws DomainError `store-unavailable` · RedisError
   */
  async listen(channel: string, listener: ChannelListener): Promise<() => void> {
    const stop = this.#add(channel, listener)
    try {
      await this.#guarded(() => this.#redis.subscribe(channel))
      return stop
    } catch (error) {
      stop()
      throw toRedisFailure(error)
    }
  }

  /** Like `listen`, but does not mind when Redis is away: `listener` gets `null` each time the listening begins. */
  expect(channel: string, listener: ChannelListener): () => void {
    const stop = this.#add(channel, listener)
    if (this.#redis.status === 'ready') void this.#subscribe([channel])
    return stop
  }

  isConnected(): boolean {
    return this.#redis.status === 'ready'
  }

  /** Listens no longer; the connection itself is closed by its owner. */
  close(): void {
    clearInterval(this.#ping)
    this.#listeners.clear()
  }

  #add(channel: string, listener: ChannelListener): () => void {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0 || this.#listeners.get(channel) !== listeners) return
      this.#listeners.delete(channel)
      // When this fails, messages come that nobody listens to.
      this.#redis.unsubscribe(channel).catch(() => {})
    }
  }

  async #subscribe(channels: readonly string[]): Promise<void> {
    if (channels.length === 0) return
    try {
      await this.#redis.subscribe(...channels)
    } catch {
      return this.#redis.disconnect(true)
    }
    for (const channel of channels) this.#tell(channel, null)
  }

  async #check(): Promise<void> {
    if (this.#redis.status !== 'ready') return
    await this.#redis.ping().catch(() => this.#redis.disconnect(true))
  }

  #tell(channel: string, message: string | null): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener(message)
  }
}
