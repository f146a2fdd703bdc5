import type { LimitState } from '../../domain/limits.js'
import type { Clock } from '../../domain/ports/clock.js'
import {
  limitStateOf,
  longestWait,
  type RateLimit,
  type RateLimiter,
  type ReachedLimit,
} from '../../domain/ports/rate-limiter.js'
import { bucketOf, takenFrom, type TokenBucket } from '../../domain/token-bucket.js'
import { LocalBuckets } from './local-buckets.js'
import { BucketsAway, UNSHARED, type AskedToken, type SharedBuckets } from './shared-buckets.js'

export interface BucketRateLimiterOptions {
  readonly clock: Clock
  /** Default: this process counts alone. */
  readonly shared?: SharedBuckets
  /** Processes that share the limits. While the shared buckets are away, each gives its part of them. Default 1. */
  readonly instances?: number
}

/**
 * What is known here is a little older when the store hears of it. Without this it would seem to be more than the store's own
 * count, and somebody who asks all the time would never get a token back.
 */
const LARGEST_LAG_US = 50_000

/** What was asked for, as buckets. */
interface Asked {
  readonly limits: readonly RateLimit[]
  readonly keys: readonly string[]
  readonly buckets: readonly TokenBucket[]
}

/**
 * Token buckets in memory, or in a store with what is known of them in memory. Debts only grow by what others take, so what
 * this process knows is never too much: it refuses by itself what the store would refuse, and gives the count back to a
 * store that lost it.
 *
 * Beside it stands what this process has given of its own part. While the store is away, and until it counts everything
 * again, no process gives more than that, so that all of them together keep the limit.
 */
export class BucketRateLimiter implements RateLimiter {
  readonly #clock: Clock
  readonly #shared: SharedBuckets
  readonly #instances: number
  readonly #known: LocalBuckets
  readonly #own: LocalBuckets

  constructor({ clock, shared = UNSHARED, instances = 1 }: BucketRateLimiterOptions) {
    this.#clock = clock
    this.#shared = shared
    this.#instances = instances
    this.#known = new LocalBuckets(clock)
    this.#own = new LocalBuckets(clock)
  }

  async take(limits: readonly RateLimit[]): Promise<ReachedLimit | null> {
    if (limits.length === 0) return null
    const asked = askedOf(limits, 1)
    if (!this.#shared.isShared()) return this.#takeHere(asked, this.#known)
    const known = debtsOf(this.#known, asked)
    if (!takenFrom(known, asked.buckets)) return this.#refusal(asked, known)
    const part = askedOf(limits, this.#instances)
    const isFromPart = !this.#shared.countsAll()
    // At once, before the store is asked: of many that are asked together, none may count on the same token.
    const refusal = isFromPart ? this.#takePart(part) : null
    if (refusal) return refusal
    try {
      return await this.#takeShared(asked, { part, isFromPart, known })
    } catch (error) {
      if (!(error instanceof BucketsAway)) throw error
      if (isFromPart) return null
      if (error.isUnanswered) this.#leaveOne(part)
      return this.#takePart(part)
    }
  }

  async peek(limits: readonly RateLimit[]): Promise<readonly LimitState[]> {
    const asked = askedOf(limits, 1)
    const known = debtsOf(this.#known, asked)
    if (limits.length === 0 || !this.#shared.isShared()) return this.#states(asked, known)
    try {
      const stored = await this.#shared.peek(tokensOf(asked, known))
      const whole = this.#states(
        asked,
        known.map((debt, index) => Math.max(debt, stored[index] ?? 0)),
      )
      return this.#shared.countsAll() ? whole : lesserOf(whole, this.#partStates(limits))
    } catch (error) {
      if (error instanceof BucketsAway) return this.#partStates(limits)
      throw error
    }
  }

  #partStates(limits: readonly RateLimit[]): readonly LimitState[] {
    const part = askedOf(limits, this.#instances)
    return this.#states(part, this.#partDebts(part))
  }

  #states({ limits, buckets }: Asked, debts: readonly number[]): readonly LimitState[] {
    const now = this.#clock.now()
    return limits.map((limit, index) =>
      limitStateOf(limit, { debt: debts[index] ?? 0, bucket: buckets[index] ?? bucketOf(limit.max), now }),
    )
  }

  async #takeShared(
    asked: Asked,
    { part, isFromPart, known }: { part: Asked; isFromPart: boolean; known: readonly number[] },
  ): Promise<ReachedLimit | null> {
    const at = this.#clock.now()
    const { isTaken, debts } = await this.#shared.take(tokensOf(asked, known))
    // More than its part is rightly given while the store counts.
    if (isTaken && !isFromPart) this.#add(this.#own, part, 1)
    if (!isTaken && isFromPart) this.#giveBack(asked, part)
    for (const [index, key] of asked.keys.entries()) this.#known.raise(key, debts[index] ?? 0, at)
    return isTaken ? null : this.#refusal(asked, debts)
  }

  /** Tokens to, or back from, what has been given. */
  #add(local: LocalBuckets, { keys, buckets }: Asked, tokens: 1 | -1): void {
    for (const [index, key] of keys.entries()) {
      const bucket = buckets[index] ?? bucketOf(0)
      const debt = local.debt(key, bucket) + tokens * bucket.perToken
      local.set(key, Math.min(bucket.capacity, Math.max(0, debt)))
    }
  }

  /** A store that comes back is told of it, because its own count does not have it. */
  #takePart(part: Asked): ReachedLimit | null {
    const refusal = this.#takeHere(part, this.#own, this.#partDebts(part))
    if (!refusal) this.#add(this.#known, askedOf(part.limits, 1), 1)
    return refusal
  }

  #giveBack(asked: Asked, part: Asked): void {
    this.#add(this.#own, part, -1)
    this.#add(this.#known, asked, -1)
  }

  /** What is known of these is out of date; one token is all that each process may add to whatever was given. */
  #leaveOne({ keys, buckets }: Asked): void {
    const now = this.#clock.now()
    for (const [index, key] of keys.entries()) {
      const { capacity, perToken } = buckets[index] ?? bucketOf(0)
      this.#own.raise(key, Math.max(0, capacity - perToken), now)
    }
  }

  #takeHere(asked: Asked, local: LocalBuckets, debts = debtsOf(local, asked)): ReachedLimit | null {
    const after = takenFrom(debts, asked.buckets)
    if (!after) return this.#refusal(asked, debts)
    for (const [index, key] of asked.keys.entries()) local.set(key, after[index] ?? 0)
    return null
  }

  /** A bucket of which others took leaves less to each part, too. */
  #partDebts(part: Asked): readonly number[] {
    const known = debtsOf(this.#known, part)
    return debtsOf(this.#own, part).map((debt, index) => Math.max(debt, known[index] ?? 0))
  }

  #refusal({ limits, buckets }: Asked, debts: readonly number[]): ReachedLimit {
    return longestWait(limits, { debts, buckets, now: this.#clock.now() })
  }
}

/** Of each limit the state that leaves less: both hold. */
const lesserOf = (some: readonly LimitState[], others: readonly LimitState[]): readonly LimitState[] =>
  some.map((state, index) => {
    const other = others[index]
    return other && other.remaining < state.remaining ? other : state
  })

const debtsOf = (local: LocalBuckets, { keys, buckets }: Asked): readonly number[] =>
  keys.map((key, index) => local.debt(key, buckets[index] ?? bucketOf(0)))

const askedOf = (limits: readonly RateLimit[], instances: number): Asked => ({
  limits,
  keys: limits.map((limit) => JSON.stringify([limit.tenantId, nameOf(limit)])),
  buckets: limits.map(({ max }) => bucketOf(max, instances)),
})

const tokensOf = ({ limits, buckets }: Asked, debts: readonly number[]): readonly AskedToken[] =>
  limits.map((limit, index) => ({
    tenantId: limit.tenantId,
    name: nameOf(limit),
    bucket: buckets[index] ?? bucketOf(limit.max),
    knownDebt: Math.max(0, (debts[index] ?? 0) - LARGEST_LAG_US),
  }))

const nameOf = ({ name, scope, id }: RateLimit): string => `${name}:${scope}:${id}`
