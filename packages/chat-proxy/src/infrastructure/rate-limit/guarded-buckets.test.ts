import { afterEach, expect, test } from 'vitest'
import { DomainError } from '../../domain/errors.js'
import { standStill, turnsPass } from '../../testing/stand-still.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { SystemClock } from '../time/system-clock.js'
import { GuardedBuckets } from './guarded-buckets.js'
import { BucketsAway, type SharedBuckets, type TakenTokens } from './shared-buckets.js'

let guarded: GuardedBuckets
afterEach(() => guarded.close())

const TAKEN: TakenTokens = { isTaken: true, debts: [] }

const open = (take: () => Promise<TakenTokens>): GuardedBuckets => {
  const buckets: SharedBuckets = { isShared: () => true, countsAll: () => true, take, peek: async () => [] }
  return (guarded = new GuardedBuckets({ buckets, clock: new SystemClock() }))
}

test('a process that stood still has time to read what the store said meanwhile', async () => {
  open(async () => {
    setImmediate(() => standStill(100))
    await turnsPass(6)
    return TAKEN
  })
  expect(await guarded.take([])).toEqual(TAKEN)
})

test('a store that says nothing is away, however long this process stood still', async () => {
  open(() => {
    setImmediate(() => standStill(100))
    return new Promise(() => {})
  })
  await expect(guarded.take([])).rejects.toBeInstanceOf(BucketsAway)
})

test('a store that can be looked at and takes nothing is away until it takes', async () => {
  let isFull = true
  const changes: boolean[] = []
  const clock = new FakeClock()
  const buckets: SharedBuckets = {
    isShared: () => true,
    countsAll: () => true,
    take: () => (isFull ? Promise.reject(new DomainError('store-unavailable', '')) : Promise.resolve(TAKEN)),
    peek: async () => [],
  }
  guarded = new GuardedBuckets({ buckets, clock, onChange: (isThere) => void changes.push(isThere) })
  await expect(guarded.take([])).rejects.toBeInstanceOf(BucketsAway)
  await clock.advanceAsync(60_000)
  expect(changes).toEqual([false])
  isFull = false
  await clock.advanceAsync(250)
  expect(changes).toEqual([false, true])
})
