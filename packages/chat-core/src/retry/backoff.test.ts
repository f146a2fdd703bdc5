import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../run/run-policy.js'
import { fullJitter } from './backoff.js'
import { parseRetryAfter } from './parse-retry-after.js'

describe('full jitter', () => {
  it('doubles its bound with every attempt up to the cap', () => {
    const bounds = [0, 1, 2, 3, 4, 5, 6, 100].map((attempt) => fullJitter(attempt, DEFAULT_POLICY.send, 1))
    expect(bounds).toEqual([300, 600, 1200, 2400, 4800, 9600, 10_000, 10_000])
    expect(fullJitter(9, DEFAULT_POLICY.resume, 1)).toBe(5000)
  })

  it('may be nothing at all', () => {
    expect(fullJitter(5, DEFAULT_POLICY.send, 0)).toBe(0)
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2030, 0, 1)
  it.each<[string | null, number | undefined]>([
    ['0', 0],
    ['7', 7000],
    ['12', 12_000],
    ['Tue, 01 Jan 2030 00:00:30 GMT', 30_000],
    ['Tue, 01 Jan 2019 00:00:30 GMT', 0],
    ['99999999999', 86_400_000],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j milliseconds', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected)
  })
})
