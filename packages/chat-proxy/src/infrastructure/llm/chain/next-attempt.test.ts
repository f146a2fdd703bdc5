import { describe, expect, test } from 'vitest'
import type { ModelErrorCode } from '../../../domain/model-error.js'
import {
  CHAIN_START,
  nextAttempt,
  RETRY_DEFAULTS,
  type ChainPlace,
  type FailedAttempt,
  type RetryPolicy,
} from './next-attempt.js'

const failure = (code: ModelErrorCode, over: Partial<FailedAttempt> = {}): FailedAttempt => ({
  code,
  retryAfter: undefined,
  wasCalled: true,
  ...over,
})
const at = (over: Partial<ChainPlace> = {}): ChainPlace => ({ ...CHAIN_START, ...over })
const decide = (
  place: ChainPlace,
  failed: FailedAttempt,
  {
    providers = 2,
    random = 0.5,
    ...policy
  }: { providers?: number; random?: number } & Partial<RetryPolicy> = {},
) => nextAttempt(place, failed, providers, { policy: { ...RETRY_DEFAULTS, ...policy }, random })

const NOT_RUN = ['unavailable', 'timeout-connect'] as const
const UNKNOWN = ['broken', 'timeout-first-token', 'timeout-between-tokens'] as const

describe.each(NOT_RUN)('%s: the model did not run', (code) => {
  test('the same provider is called three times, then the next', () => {
    expect(decide(at(), failure(code))).toEqual({ place: at({ tries: 1 }), wait: 250 })
    expect(decide(at({ tries: 1 }), failure(code))).toEqual({ place: at({ tries: 2 }), wait: 500 })
    expect(decide(at({ tries: 2 }), failure(code))).toEqual({ place: at({ provider: 1 }), wait: 0 })
  })

  test('after the last provider it is final', () => {
    expect(decide(at({ provider: 1, tries: 2 }), failure(code))).toBeNull()
    expect(decide(at({ tries: 2 }), failure(code), { providers: 1 })).toBeNull()
  })

  test('the wait is anything up to the doubling limit, and never more than the longest', () => {
    expect(decide(at(), failure(code), { random: 0 })?.wait).toBe(0)
    expect(decide(at(), failure(code), { random: 0.999 })?.wait).toBe(500)
    expect(decide(at({ tries: 9 }), failure(code), { random: 0.999, tries: 20 })?.wait).toBe(9_990)
  })

  test('a provider that says how long to wait gets that, and the jitter on top', () => {
    expect(decide(at(), failure(code, { retryAfter: 2_000 }))?.wait).toBe(2_250)
    expect(decide(at(), failure(code, { retryAfter: 0 }))?.wait).toBe(250)
    expect(decide(at(), failure(code, { retryAfter: 10_000 }))?.wait).toBe(10_250)
  })

  test('a provider that wants too long a wait is left for the next one at once', () => {
    const later = failure(code, { retryAfter: 10_001 })
    expect(decide(at(), later)).toEqual({ place: at({ provider: 1 }), wait: 0 })
    expect(decide(at(), later, { providers: 1 })).toBeNull()
  })

  test('a provider that was not even called is left for the next one at once', () => {
    expect(decide(at(), failure(code, { wasCalled: false }))).toEqual({
      place: at({ provider: 1 }),
      wait: 0,
    })
    expect(decide(at({ provider: 1 }), failure(code, { wasCalled: false }))).toBeNull()
  })
})

describe('rejected', () => {
  test('the next provider is asked at once, the same one never again', () => {
    expect(decide(at(), failure('rejected'))).toEqual({ place: at({ provider: 1 }), wait: 0 })
    expect(decide(at({ provider: 1 }), failure('rejected'))).toBeNull()
  })
})

describe.each(UNKNOWN)('%s: the outcome is unknown', (code) => {
  test('it is final', () => {
    expect(decide(at(), failure(code))).toBeNull()
  })

  test('one try is allowed, with the next provider if there is one', () => {
    const retryUnknown = true
    const hasRetriedUnknown = true
    expect(decide(at(), failure(code), { retryUnknown })).toEqual({
      place: at({ provider: 1, hasRetriedUnknown }),
      wait: 0,
    })
    expect(decide(at({ tries: 2 }), failure(code), { retryUnknown, providers: 1 })).toEqual({
      place: at({ tries: 3, hasRetriedUnknown }),
      wait: 1_000,
    })
  })

  test('a second one is not, whatever came between', () => {
    const place = at({ provider: 1, hasRetriedUnknown: true })
    expect(decide(place, failure(code), { retryUnknown: true, providers: 3 })).toBeNull()
    const next = decide(place, failure('rejected'), { retryUnknown: true, providers: 3 })
    expect(next?.place.hasRetriedUnknown).toBe(true)
  })
})

test('aborted is final, whatever is allowed', () => {
  expect(decide(at(), failure('aborted'), { retryUnknown: true })).toBeNull()
})

test('no chain of failures goes on for ever, and none asks more than it may', () => {
  const codes = [...NOT_RUN, ...UNKNOWN, 'rejected'] as const
  const walk = (place: ChainPlace, calls: number, unknown: number): number => {
    expect(calls).toBeLessThan(8)
    expect(unknown).toBeLessThan(2)
    const longest = codes.map((code) => {
      const next = decide(place, failure(code), { retryUnknown: true })
      const isUnknown = UNKNOWN.some((one) => one === code)
      return next ? walk(next.place, calls + 1, unknown + (isUnknown ? 1 : 0)) : calls + 1
    })
    return Math.max(...longest)
  }
  // Three each, and one more of the last provider after an unknown outcome of its third.
  expect(walk(CHAIN_START, 0, 0)).toBe(7)
})
