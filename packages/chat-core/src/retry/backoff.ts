export interface BackoffPolicy {
  /** Upper bound of the first wait, in milliseconds. */
  readonly base: number
  /** Upper bound of every wait, in milliseconds. */
  readonly cap: number
}

/**
 * Full jitter: a wait equally likely anywhere between 0 and `base · 2^attempt`, capped.
 * @param attempt 0 for the first wait
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function fullJitter(attempt: number, policy: BackoffPolicy, random: number): number {
  return random * Math.min(policy.cap, policy.base * 2 ** Math.min(attempt, 30))
}

/** Waits between sends that were not acknowledged yet. */
export const SEND_BACKOFF: BackoffPolicy = { base: 300, cap: 10_000 }

/** Waits between tries to resume; the very first try is immediate. */
export const RESUME_BACKOFF: BackoffPolicy = { base: 250, cap: 5_000 }
