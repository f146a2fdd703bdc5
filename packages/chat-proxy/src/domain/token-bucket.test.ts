import { describe, expect, test } from 'vitest'
import { bucketOf, takenFrom, tokensIn, waitForToken } from './token-bucket.js'

const takeAll = (perMinute: number, instances = 1): number => {
  const bucket = bucketOf(perMinute, instances)
  let [debt, taken] = [0, 0]
  for (let after = takenFrom([debt], [bucket]); after; after = takenFrom([debt], [bucket])) {
    debt = after[0] ?? Number.NaN
    taken += 1
  }
  return taken
}

describe('a token bucket', () => {
  test.each([1, 2, 3, 7, 11, 20, 60, 997, 9_999, 100_003])(
    'of %i a minute gives exactly that at once',
    (max) => {
      expect(takeAll(max)).toBe(max)
    },
  )

  test('is full again after a minute, evenly', () => {
    const bucket = bucketOf(20)
    expect(tokensIn(60_000_000, bucket)).toBe(0)
    expect(tokensIn(57_000_001, bucket)).toBe(0)
    expect(tokensIn(57_000_000, bucket)).toBe(1)
    expect(tokensIn(0, bucket)).toBe(20)
    expect(waitForToken(60_000_000, bucket)).toBe(3_000)
    expect(waitForToken(57_000_001, bucket)).toBe(1)
    expect(waitForToken(30_000_000, bucket)).toBe(0)
  })

  test('is never emptier than empty, nor fuller than full', () => {
    const bucket = bucketOf(20)
    expect(waitForToken(600_000_000, bucket)).toBe(3_000)
    expect(tokensIn(-5_000_000, bucket)).toBe(20)
  })

  test('divided among instances gives no more in all, and at least one each', () => {
    expect(takeAll(20, 4)).toBe(5)
    expect(takeAll(22, 4)).toBe(5)
    expect(takeAll(2, 4)).toBe(1)
    expect(bucketOf(2, 4).perToken).toBe(120_000_000)
  })

  test('with a limit of nothing gives nothing', () => {
    expect(takeAll(0)).toBe(0)
    expect(waitForToken(0, bucketOf(0))).toBeGreaterThan(0)
  })
})

test('several buckets give one each, or none', () => {
  const buckets = [bucketOf(20), bucketOf(1)]
  const first = takenFrom([0, 0], buckets)
  expect(first).toEqual([3_000_000, 60_000_000])
  expect(takenFrom(first ?? [], buckets)).toBeNull()
})
