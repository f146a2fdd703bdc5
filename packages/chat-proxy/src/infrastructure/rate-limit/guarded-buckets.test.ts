import { afterEach, expect, test } from 'vitest'
import { standStill, turnsPass } from '../../testing/stand-still.js'
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
