import type { LimitName, LimitScope, LimitState } from '../limits.js'
import { bucketOf, tokensIn, tokensOfFull, waitForToken, type TokenBucket } from '../token-bucket.js'

/** How much of something may be done in a minute, and by whom: one token bucket. */
export interface RateLimit {
  readonly name: Extract<LimitName, `${string}_per_minute`>
  readonly scope: Extract<LimitScope, 'user' | 'ip' | 'tenant'>
  readonly tenantId: string
  /** Who within the tenant; empty for all of it. */
  readonly id: string
  readonly max: number
}

/** A limit that does not let anything pass now. */
export interface ReachedLimit {
  readonly limit: LimitState
  /** Milliseconds until something may pass again. */
  readonly wait: number
}

/**
 * Counts what is done per minute, in all processes that share a store. A bucket of `max` tokens that has been left alone
 * gives them all at once; they come back evenly, one minute for all. Adapters pass `rateLimiterSuite`.
 */
export interface RateLimiter {
  /**
   * Takes one token of each limit, or none of any; never more than there are, however many callers take at once.
   * @returns `null` when they were taken; else the limit that keeps the caller waiting for longest
   * @throws DomainError `store-unavailable`
   */
  take(limits: readonly RateLimit[]): Promise<ReachedLimit | null>
  /** How the limits stand, in the same order. Takes nothing. @throws DomainError `store-unavailable` */
  peek(limits: readonly RateLimit[]): Promise<readonly LimitState[]>
}

/**
 * One bucket as its owner is told about it: what it holds, which is less than the limit where this process gives only its part.
 * @param now milliseconds since 1970
 */
export function limitStateOf(
  { name, scope }: RateLimit,
  { debt, bucket, now }: { readonly debt: number; readonly bucket: TokenBucket; readonly now: number },
): LimitState {
  const max = tokensOfFull(bucket)
  const remaining = tokensIn(debt, bucket)
  return {
    name,
    scope,
    max,
    used: max - remaining,
    remaining,
    resetsAt: now + Math.ceil(Math.min(Math.max(0, debt), bucket.capacity) / 1000),
  }
}

/** Of limits that do not let something pass now, the one that keeps it waiting for longest. `limits` is never empty. */
export function longestWait(
  limits: readonly RateLimit[],
  levels: {
    readonly debts: readonly number[]
    readonly buckets: readonly TokenBucket[]
    readonly now: number
  },
): ReachedLimit {
  const reached = limits.map((limit, index) => {
    const debt = levels.debts[index] ?? 0
    const bucket = levels.buckets[index] ?? bucketOf(limit.max)
    const wait = Math.max(1, waitForToken(debt, bucket))
    return { limit: limitStateOf(limit, { debt, bucket, now: levels.now }), wait }
  })
  return reached.reduce((longest, other) => (other.wait > longest.wait ? other : longest))
}
