/** How long to go on trying, and how to wait between the tries. */
export interface Patience {
  /** Tries in a row without a new event before giving up; being offline does not count. */
  readonly tries: number
  /** Upper bound of the first wait, in milliseconds. */
  readonly base: number
  /** Upper bound of every wait, in milliseconds. */
  readonly cap: number
}

/**
 * Full jitter: a wait equally likely anywhere between 0 and `base · 2^attempt`, capped.
 * @param attempt 0 for the wait after the first failure; -1 where nothing failed, as on a line that is off
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const fullJitter = (attempt: number, { base, cap }: Patience, random: number): number =>
  random * Math.min(cap, base * 2 ** attempt)
