import type { Clock } from '../../domain/ports/clock.js'
import type { TokenBucket } from '../../domain/token-bucket.js'

/** The debts of buckets as this process knows them. A bucket that is full takes no memory. */
export class LocalBuckets {
  readonly #clock: Clock
  /** When each is full, in microseconds since 1970; the one changed last at the end. */
  readonly #fullAt = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  debt(key: string, { capacity }: TokenBucket): number {
    const now = this.#now()
    const fullAt = this.#fullAt.get(key) ?? 0
    // The clock was set back: what is left counts from now on.
    if (fullAt > now + capacity) this.#fullAt.set(key, now + capacity)
    return Math.min(Math.max(0, fullAt - now), capacity)
  }

  set(key: string, debt: number): void {
    this.#put(key, this.#now() + debt)
  }

  /** The bucket had this debt at `at` (milliseconds since 1970), or more. */
  raise(key: string, debt: number, at: number): void {
    const fullAt = at * 1000 + debt
    if (fullAt > (this.#fullAt.get(key) ?? 0)) this.#put(key, fullAt)
  }

  #put(key: string, fullAt: number): void {
    this.#fullAt.delete(key)
    this.#fullAt.set(key, fullAt)
    const now = this.#now()
    for (const [oldest, until] of this.#fullAt) {
      if (until > now) break
      this.#fullAt.delete(oldest)
    }
  }

  #now(): number {
    return this.#clock.now() * 1000
  }
}
