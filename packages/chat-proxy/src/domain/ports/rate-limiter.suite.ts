import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RateLimit, RateLimiter } from './rate-limiter.js'

export interface RateLimiterPlace {
  /** One of any number of processes that count together. */
  open(): RateLimiter
  /** Lets time go by for all of them. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

/** What every `RateLimiter` must do. */
export function rateLimiterSuite(name: string, openPlace: () => Promise<RateLimiterPlace>): void {
  describe(`${name}: RateLimiter`, () => {
    let place: RateLimiterPlace
    let limiter: RateLimiter
    beforeEach(async () => {
      place = await openPlace()
      limiter = place.open()
    })
    afterEach(() => place.close())

    /** How many of `times` calls, all at once, are let through. */
    const burst = async (times: number, limits: readonly RateLimit[], through = limiter): Promise<number> => {
      const answers = await Promise.all(Array.from({ length: times }, () => through.take(limits)))
      return answers.filter((reached) => reached === null).length
    }

    test('lets exactly the limit through at once, and names it when it is reached', async () => {
      const limit = user(20)
      expect(await burst(20, [limit])).toBe(20)
      const reached = await limiter.take([limit])
      expect(reached).toMatchObject({
        limit: { name: 'messages_per_minute', scope: 'user', max: 20, used: 20, remaining: 0 },
      })
      expect(reached?.wait).toBeGreaterThan(1_000)
      expect(reached?.wait).toBeLessThanOrEqual(3_000)
    })

    test('gives the tokens back evenly, a minute for all', async () => {
      const limit = user(20)
      await burst(20, [limit])
      await place.pass(10_500)
      expect(await burst(20, [limit])).toBe(3)
      await place.pass(60_000)
      expect(await burst(40, [limit])).toBe(20)
    })

    test('somebody who asks all the time gets what comes back', async () => {
      const limit = user(20)
      await burst(20, [limit])
      let passed = 0
      for (let second = 0; second < 31; second += 1) {
        await place.pass(1_000)
        passed += await burst(3, [limit])
      }
      expect(passed).toBe(10)
    })

    test('takes of all limits or of none', async () => {
      const [mine, ours] = [user(20), tenant(3)]
      expect(await burst(10, [mine, ours])).toBe(3)
      expect(await limiter.take([mine, ours])).toMatchObject({ limit: { scope: 'tenant', max: 3 } })
      expect(await burst(20, [mine])).toBe(17)
    })

    test('names the limit that takes longest', async () => {
      const [mine, ours] = [user(4), tenant(2)]
      await burst(4, [mine])
      await burst(2, [ours])
      const reached = await limiter.take([mine, ours])
      expect(reached?.limit.scope).toBe('tenant')
      expect(reached?.wait).toBeGreaterThan(20_000)
    })

    test('keeps names, scopes, people and tenants apart', async () => {
      const limit = user(1)
      expect(await burst(2, [limit])).toBe(1)
      const others: RateLimit[] = [
        { ...limit, id: `${limit.id}2` },
        { ...limit, tenantId: `${limit.tenantId}2` },
        { ...limit, scope: 'ip' },
        { ...limit, name: 'sessions_per_minute' },
      ]
      for (const other of others) expect(await burst(2, [other])).toBe(1)
    })

    test('never lets more through when many processes count', async () => {
      const [mine, ours] = [user(20), tenant(50)]
      const processes = [1, 2, 3, 4].map(() => place.open())
      const counts = await Promise.all(processes.map((process) => burst(125, [mine, ours], process)))
      expect(counts.reduce((sum, count) => sum + count)).toBe(20)
    })

    test('tells how limits stand without taking', async () => {
      const [mine, ours] = [user(20), tenant(50)]
      await burst(5, [mine])
      const before = await limiter.peek([mine, ours])
      expect(before).toMatchObject([
        { scope: 'user', max: 20, used: 5, remaining: 15 },
        { scope: 'tenant', max: 50, used: 0, remaining: 50 },
      ])
      expect(await place.open().peek([mine])).toMatchObject([{ used: 5 }])
      expect(await burst(20, [mine])).toBe(15)
    })

    test('a limit that is lowered counts at once', async () => {
      const limit = user(20)
      await burst(20, [limit])
      expect(await burst(1, [{ ...limit, max: 2 }])).toBe(0)
      await place.pass(30_500)
      expect(await burst(2, [{ ...limit, max: 2 }])).toBe(1)
    })

    test('without limits there is none', async () => {
      expect(await burst(3, [])).toBe(3)
      expect(await limiter.peek([])).toEqual([])
    })
  })
}

const limitOf = (scope: RateLimit['scope'], max: number): RateLimit => ({
  name: 'messages_per_minute',
  scope,
  max,
  tenantId: `t-${randomUUID()}`,
  id: scope === 'tenant' ? '' : `v_${randomUUID()}`,
})
const user = (max: number): RateLimit => limitOf('user', max)
const tenant = (max: number): RateLimit => limitOf('tenant', max)
