import type { ControlSignals } from '../../domain/ports/control.js'
import type { RedisConnection } from './redis-connection.js'

/** One channel for all processes. Nothing is remembered: who was away looks when the listening begins again. */
export class RedisControlSignals implements ControlSignals {
  readonly #connection: RedisConnection
  readonly #stops = new Set<() => void>()

  constructor(connection: RedisConnection) {
    this.#connection = connection
  }

  async announce(): Promise<void> {
    await this.#connection.use((redis) => redis.publish(this.#channel(), ''))
  }

  onAnnounced(listener: () => void): () => void {
    const release = this.#connection.subscriptions.expect(this.#channel(), () => listener())
    const stop = (): void => {
      release()
      this.#stops.delete(stop)
    }
    this.#stops.add(stop)
    return stop
  }

  isHeard(): boolean {
    return this.#connection.subscriptions.isConnected()
  }

  close(): void {
    for (const stop of this.#stops) stop()
  }

  #channel(): string {
    return `${this.#connection.prefix}control`
  }
}
