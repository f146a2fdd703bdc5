import { describe, expect, test } from 'vitest'
import { rateLimiterSuite } from '../../domain/ports/rate-limiter.suite.js'
import type { RateLimit } from '../../domain/ports/rate-limiter.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { BucketRateLimiter } from './bucket-rate-limiter.js'
import { BucketsAway, type SharedBuckets } from './shared-buckets.js'

rateLimiterSuite('memory', async () => {
  const clock = new FakeClock()
  const limiter = new BucketRateLimiter({ clock })
  return {
    open: () => limiter,
    pass: async (ms) => clock.advance(ms),
    close: async () => {},
  }
})

describe('while the store is away, a process of four', () => {
  const clock = new FakeClock()
  const away: SharedBuckets = {
    isShared: () => true,
    countsAll: () => true,
    take: () => Promise.reject(new BucketsAway({ isUnanswered: false })),
    peek: () => Promise.reject(new BucketsAway({ isUnanswered: false })),
  }
  const twenty: RateLimit = {
    name: 'messages_per_minute',
    scope: 'user',
    tenantId: 'shop',
    id: 'v_1',
    max: 20,
  }

  test('refuses with the limit that it gives, what is left of it, and when there is more', async () => {
    const limiter = new BucketRateLimiter({ clock, shared: away, instances: 4 })
    for (let count = 0; count < 5; count += 1) expect(await limiter.take([twenty])).toBeNull()
    const refusal = await limiter.take([twenty])
    expect(refusal).toEqual({
      limit: {
        name: 'messages_per_minute',
        scope: 'user',
        max: 5,
        used: 5,
        remaining: 0,
        resetsAt: clock.now() + 60_000,
      },
      wait: 12_000,
    })
    clock.advance(refusal?.wait ?? 0)
    expect(await limiter.take([twenty])).toBeNull()
  })

  test('says the same ahead of time', async () => {
    const limiter = new BucketRateLimiter({ clock, shared: away, instances: 4 })
    await limiter.take([twenty])
    expect(await limiter.peek([twenty])).toMatchObject([{ max: 5, used: 1, remaining: 4 }])
  })

  test('that gives its part until the store counts everything again says so, too', async () => {
    const back: SharedBuckets = {
      ...away,
      countsAll: () => false,
      take: (asked) => Promise.resolve({ isTaken: true, debts: asked.map(({ bucket }) => bucket.perToken) }),
      peek: (asked) => Promise.resolve(asked.map(({ bucket }) => bucket.perToken)),
    }
    const limiter = new BucketRateLimiter({ clock, shared: back, instances: 4 })
    expect(await limiter.take([twenty])).toBeNull()
    expect(await limiter.peek([twenty])).toMatchObject([{ max: 5, used: 1, remaining: 4 }])
  })
})
