import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { rateLimiterSuite } from '../../domain/ports/rate-limiter.suite.js'
import type { RateLimit, RateLimiter } from '../../domain/ports/rate-limiter.js'
import { BucketRateLimiter } from '../rate-limit/bucket-rate-limiter.js'
import { GuardedBuckets } from '../rate-limit/guarded-buckets.js'
import { SystemClock } from '../time/system-clock.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { RedisBuckets } from './redis-buckets.js'
import { RedisConnection } from './redis-connection.js'
import { HAS_REDIS_SERVER, OwnRedis } from './testing/own-redis.js'
import { newPrefix, removeKeys, TEST_REDIS_URL } from './testing/test-redis.js'

describe.skipIf(!TEST_REDIS_URL)('Redis (needs TEST_REDIS_URL)', () => {
  rateLimiterSuite('Redis', async () => {
    const prefix = newPrefix()
    const clock = new FakeClock()
    const connection = await RedisConnection.open({ url: TEST_REDIS_URL, prefix })
    return {
      open: () => new BucketRateLimiter({ clock, shared: new RedisBuckets(connection), instances: 4 }),
      async pass(ms) {
        clock.advance(ms)
        await age(prefix, ms)
      },
      async close() {
        connection.close()
        await removeKeys(prefix)
      },
    }
  })

  test('one request costs one round trip, however many limits it has, and full buckets no memory', async () => {
    const prefix = newPrefix()
    const connection = await RedisConnection.open({ url: TEST_REDIS_URL, prefix })
    const limiter = new BucketRateLimiter({ clock: new SystemClock(), shared: new RedisBuckets(connection) })
    await limiter.take([limit('user', 600_000), limit('ip', 600_000), limit('tenant', 600_000)])
    const sent = vi.fn()
    await connection.use(async (redis) => {
      const evalsha = redis.evalsha.bind(redis)
      vi.spyOn(redis, 'evalsha').mockImplementation((...args) => (sent(), evalsha(...args)))
      return redis.ping()
    })
    await limiter.take([limit('user', 600_000), limit('ip', 600_000), limit('tenant', 600_000)])
    expect(sent).toHaveBeenCalledTimes(1)
    const redis = new Redis(TEST_REDIS_URL)
    await expect.poll(() => redis.keys(`${prefix}*`)).toEqual([])
    await redis.quit()
    connection.close()
  })
})

describe.skipIf(!TEST_REDIS_URL)('what Redis is told of people (needs TEST_REDIS_URL)', () => {
  test('is no name and no address, and is gone after a minute', async () => {
    const prefix = newPrefix()
    const connection = await RedisConnection.open({ url: TEST_REDIS_URL, prefix })
    const limiter = new BucketRateLimiter({ clock: new SystemClock(), shared: new RedisBuckets(connection) })
    const of = { name: 'messages_per_minute', tenantId: 'shop', max: 1 } as const
    await limiter.take([
      { ...of, scope: 'user', id: 'somebody@example.com' },
      { ...of, scope: 'ip', id: '203.0.113.7' },
    ])
    const redis = new Redis(TEST_REDIS_URL)
    const keys = await redis.keys(`${prefix}*`)
    expect(keys).toHaveLength(2)
    const values = await redis.mget(keys)
    expect(JSON.stringify([keys, values])).not.toMatch(/somebody|example|203\.0|shop/)
    for (const key of keys) {
      const left = await redis.pttl(key)
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThanOrEqual(60_000)
    }
    await redis.quit()
    connection.close()
    await removeKeys(prefix)
  })
})

describe.skipIf(!HAS_REDIS_SERVER)('rate limits while Redis is away (needs redis-server)', () => {
  let server: OwnRedis
  const closers: (() => void)[] = []
  beforeEach(async () => {
    server = await OwnRedis.start()
  })
  afterEach(async () => {
    for (const close of closers.splice(0)) close()
    await server.remove()
  })

  /** Processes that count together, and what each said about Redis. */
  const start = async (count: number) => {
    const changes: boolean[] = []
    const limiters: RateLimiter[] = []
    for (let index = 0; index < count; index += 1) {
      const connection = await RedisConnection.open({ url: server.url })
      const clock = new SystemClock()
      const onChange = (isThere: boolean): void => void (index === 0 && changes.push(isThere))
      const shared = new GuardedBuckets({
        buckets: new RedisBuckets(connection),
        clock,
        onChange,
        patience: 1_000,
      })
      closers.push(() => (shared.close(), connection.close()))
      limiters.push(new BucketRateLimiter({ clock, shared, instances: count }))
    }
    return { limiters, changes }
  }
  const burst = async (limiters: readonly RateLimiter[], times: number, limits: readonly RateLimit[]) => {
    const calls = Array.from({ length: times }, async (_, index) =>
      limiters[index % limiters.length]?.take(limits),
    )
    const answers = await Promise.all(calls)
    return answers.filter((reached) => reached === null).length
  }

  // Killed and empty when it is back; or it hangs and then goes on.
  test.each([
    ['killed', (redis: OwnRedis) => redis.kill(), (redis: OwnRedis) => redis.start()],
    ['frozen', async (redis: OwnRedis) => redis.pause(), async (redis: OwnRedis) => redis.resume()],
  ])('nothing passes the limit when it is %s in between', async (_, away, back) => {
    const { limiters, changes } = await start(4)
    const people = [limit('user', 20), limit('user', 20), limit('user', 20)]
    const passed = [0, 0, 0]
    const ask = async (times: number, ...who: readonly number[]): Promise<void> => {
      for (const index of who) {
        const count = await burst(limiters, times, people.slice(index, index + 1))
        passed[index] = (passed[index] ?? 0) + count
      }
    }
    // Whatever comes back until the end is let through rightly: a token every 3 seconds.
    const began = performance.now()
    await ask(500, 0)
    await ask(12, 1)
    await away(server)
    await ask(500, 0, 1, 2)
    await ask(500, 2, 1, 0)
    await back(server)
    await expect.poll(() => changes).toEqual([false, true])
    await ask(500, 0, 1, 2)
    const refilled = Math.floor((performance.now() - began) / 3_000)
    for (const count of passed) expect(count).toBeLessThanOrEqual(20 + refilled)
    expect(passed[0]).toBeGreaterThanOrEqual(20)
  })

  test('somebody who was quiet goes on with the part of each process', async () => {
    const { limiters } = await start(4)
    await server.kill()
    // The first to find out leave one token, because they cannot know what was given just before.
    expect(await burst(limiters, 500, [limit('user', 20)])).toBe(4)
    expect(await burst(limiters, 500, [limit('user', 20)])).toBe(20)
    expect(await burst(limiters.slice(0, 1), 500, [limit('user', 20)])).toBe(5)
  })

  test('one without memory left is away until it has some again', async () => {
    const { limiters, changes } = await start(1)
    const operator = new Redis(server.url)
    closers.push(() => operator.disconnect())
    await operator.config('SET', 'maxmemory', '1')
    expect(await burst(limiters, 3, [limit('user', 20)])).toBe(1)
    const probes = await operator.info('commandstats').then(refusedScripts)
    await expect.poll(() => operator.info('commandstats').then(refusedScripts)).toBeGreaterThan(probes + 1)
    expect(changes).toEqual([false])
    await operator.config('SET', 'maxmemory', '0')
    await expect.poll(() => changes).toEqual([false, true])
  })

  test('only the first requests wait for a Redis that hangs, and not for long', async () => {
    const clock = new FakeClock()
    const connection = await RedisConnection.open({ url: server.url })
    const shared = new GuardedBuckets({ buckets: new RedisBuckets(connection), clock })
    closers.push(() => (shared.close(), connection.close()))
    const limiter = new BucketRateLimiter({ clock, shared, instances: 2 })
    server.pause()
    let isAnswered = false
    const first = limiter.take([limit('user', 20)]).then(() => (isAnswered = true))
    await clock.advanceAsync(39)
    expect(isAnswered).toBe(false)
    await clock.advanceAsync(1)
    await first
    // Without the clock moving at all.
    expect(await limiter.take([limit('user', 20)])).toBeNull()
  })

  test('a Redis that was not there from the beginning is used when it comes', async () => {
    await server.kill()
    const { limiters, changes } = await start(2)
    expect(await burst(limiters, 10, [limit('user', 8)])).toBe(2)
    expect(await burst(limiters, 10, [limit('user', 8)])).toBe(8)
    await server.start()
    await expect.poll(() => changes).toEqual([false, true])
    expect(await burst(limiters, 10, [limit('user', 4)])).toBe(4)
  })
})

let made = 0
const limit = (scope: RateLimit['scope'], max: number): RateLimit => ({
  name: 'messages_per_minute',
  scope,
  tenantId: 'acme',
  id: `v_${(made += 1)}`,
  max,
})

/** As if all that stands under the prefix had happened `ms` earlier. */
async function age(prefix: string, ms: number): Promise<void> {
  const redis = new Redis(TEST_REDIS_URL)
  for (const key of await redis.keys(`${prefix}rate:*`)) {
    const fullAt = Number(await redis.get(key))
    await redis.set(key, String(fullAt - ms * 1000), 'PX', 120_000)
  }
  await redis.quit()
}

/** Calls of scripts that Redis did not run to their end, in what it says of itself. */
const refusedScripts = (info: string): number =>
  Number(/cmdstat_evalsha:.*failed_calls=(\d+)/.exec(info)?.[1] ?? 0)
