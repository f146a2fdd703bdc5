import type { ModelErrorCode } from '../../../domain/model-error.js'

export interface RetryPolicy {
  /** Calls of one provider before the next one is asked. */
  readonly tries: number
  /** Milliseconds: the longest wait before the second call; it doubles with every further one. */
  readonly firstWait: number
  /** Milliseconds: no wait is longer. A provider that asks for more is left for the next one. */
  readonly longestWait: number
  /** Whether a call whose outcome is unknown, so that it may have been paid for, is made once more. */
  readonly retryUnknown: boolean
}

export const RETRY_DEFAULTS: RetryPolicy = {
  tries: 3,
  firstWait: 500,
  longestWait: 10_000,
  retryUnknown: false,
}

/** Where a run stands in the chain. */
export interface ChainPlace {
  /** Index of the provider that is asked. */
  readonly provider: number
  /** Calls of it so far, failed ones of unknown outcome included. */
  readonly tries: number
  /** The one call that may follow an unknown outcome has been used. */
  readonly hasRetriedUnknown: boolean
}

export const CHAIN_START: ChainPlace = { provider: 0, tries: 0, hasRetriedUnknown: false }

/** What came of asking the provider at a place. */
export interface FailedAttempt {
  readonly code: ModelErrorCode
  /** Milliseconds the provider asked to wait. */
  readonly retryAfter: number | undefined
  /** False when its breaker was open, so that no call was made. */
  readonly wasCalled: boolean
}

export interface NextAttempt {
  readonly place: ChainPlace
  /** Milliseconds to wait before. */
  readonly wait: number
}

/**
 * Decides what follows a failure before the first piece of output: the same provider again, the next one, or nothing.
 * @param providers how many the chain has
 * @param random a number from 0 to 1, 1 excluded
 * @returns `null` when the failure is final
 */
export function nextAttempt(
  place: ChainPlace,
  failure: FailedAttempt,
  providers: number,
  { policy, random }: { policy: RetryPolicy; random: number },
): NextAttempt | null {
  const here: ChainPlace = { ...place, tries: place.tries + 1 }
  switch (failure.code) {
    case 'aborted':
      return null
    case 'rejected':
    case 'switched-off':
      return atNextProvider(here, providers)
    case 'unavailable':
    case 'timeout-connect':
      return again(here, failure, policy, random) ?? atNextProvider(here, providers)
    case 'broken':
    case 'timeout-first-token':
    case 'timeout-between-tokens': {
      if (!policy.retryUnknown || here.hasRetriedUnknown) return null
      const retried = { ...here, hasRetriedUnknown: true }
      return atNextProvider(retried, providers) ?? { place: retried, wait: backoff(here, policy, random) }
    }
  }
}

function again(
  here: ChainPlace,
  { wasCalled, retryAfter = 0 }: FailedAttempt,
  policy: RetryPolicy,
  random: number,
): NextAttempt | null {
  if (!wasCalled || here.tries >= policy.tries || retryAfter > policy.longestWait) return null
  // On top of what was asked for, so that all who were turned away do not come back at once.
  return { place: here, wait: retryAfter + backoff(here, policy, random) }
}

const atNextProvider = (here: ChainPlace, providers: number): NextAttempt | null =>
  here.provider + 1 < providers
    ? { place: { ...here, provider: here.provider + 1, tries: 0 }, wait: 0 }
    : null

/** Full jitter: anything from nothing to the whole wait. */
const backoff = ({ tries }: ChainPlace, { firstWait, longestWait }: RetryPolicy, random: number): number =>
  Math.round(random * Math.min(longestWait, firstWait * 2 ** (tries - 1)))
