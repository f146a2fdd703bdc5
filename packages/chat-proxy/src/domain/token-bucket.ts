/*
 * A token bucket is kept as one number, its debt: the time in microseconds until it is full again if nobody takes from it.
 * It is 0 for a full bucket and needs no upkeep, since it goes down with the clock by itself.
 */

/** What one bucket holds and how it fills, in microseconds. */
export interface TokenBucket {
  /** In which one token comes back. */
  readonly perToken: number
  /** Until an empty one is full. */
  readonly capacity: number
}

const MINUTE_US = 60_000_000

/**
 * A bucket that holds what may be taken in a minute, all at once if it was left alone for a minute, and fills evenly.
 *
 * @param instances between how many the limit is divided, when each of them counts by itself; a share is one token at least
 */
export function bucketOf(perMinute: number, instances = 1): TokenBucket {
  if (perMinute < 1) return { perToken: MINUTE_US, capacity: 0 }
  // Rounded down, so that a whole number of tokens fits exactly.
  const perToken = Math.floor((MINUTE_US * instances) / perMinute)
  return { perToken, capacity: perToken * Math.max(1, Math.floor(perMinute / instances)) }
}

/** Takes one token from every bucket, or none from any. @returns the debts after that; `null` when one of them is empty */
export function takenFrom(debts: readonly number[], buckets: readonly TokenBucket[]): number[] | null {
  const after = buckets.map((bucket, index) => withinCapacity(debts[index] ?? 0, bucket) + bucket.perToken)
  return buckets.every(({ capacity }, index) => (after[index] ?? 0) <= capacity) ? after : null
}

/** Tokens of a full one. */
export const tokensOfFull = ({ capacity, perToken }: TokenBucket): number => Math.floor(capacity / perToken)

/** Tokens that can be taken now. */
export const tokensIn = (debt: number, bucket: TokenBucket): number =>
  Math.floor((bucket.capacity - withinCapacity(debt, bucket)) / bucket.perToken)

/** Milliseconds until there is a token. */
export const waitForToken = (debt: number, bucket: TokenBucket): number =>
  Math.max(0, Math.ceil((withinCapacity(debt, bucket) + bucket.perToken - bucket.capacity) / 1000))

/** A limit that was lowered, or a clock that was set back, leaves more debt than the bucket can have. */
const withinCapacity = (debt: number, { capacity }: TokenBucket): number =>
  Math.min(Math.max(debt, 0), capacity)
