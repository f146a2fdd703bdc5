import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { runSignalsSuite } from '../../domain/ports/run-signals.suite.js'
import { RedisConnection } from './redis-connection.js'
import { RedisRunSignals } from './redis-run-signals.js'
import { newPrefix, removeKeys, TEST_REDIS_URL } from './testing/test-redis.js'

describe.skipIf(!TEST_REDIS_URL)('Redis (needs TEST_REDIS_URL)', () => {
  const prefix = newPrefix()
  const opened: { signals: RedisRunSignals; connection: RedisConnection }[] = []
  afterAll(() => removeKeys(prefix))

  const open = async (): Promise<RedisRunSignals> => {
    const connection = await RedisConnection.open({ url: TEST_REDIS_URL, prefix })
    const signals = new RedisRunSignals(connection)
    opened.push({ signals, connection })
    return signals
  }
  const closeAll = async (): Promise<void> => {
    for (const { signals, connection } of opened.splice(0)) {
      signals.close()
      connection.close()
    }
  }

  runSignalsSuite('Redis', async () => {
    const signals = await open()
    return { asking: signals, listening: signals, close: closeAll }
  })
  runSignalsSuite('Redis, asked for in one process and heard in another', async () => ({
    asking: await open(),
    listening: await open(),
    close: closeAll,
  }))

  describe('RedisRunSignals', () => {
    afterEach(closeAll)

    test('remembers a stop for a process that starts later, and not for ever', async () => {
      const run = { tenantId: 'acme', runId: randomUUID() }
      await (await open()).requestStop(run)
      const listener = vi.fn()
      ;(await open()).onStop(run, listener)
      await expect.poll(() => listener).toHaveBeenCalledTimes(1)
      const redis = new Redis(TEST_REDIS_URL)
      const [key] = await redis.keys(`${prefix}stop:*${run.runId}*`)
      expect(await redis.pttl(key ?? '')).toBeGreaterThan(0)
      await redis.quit()
    })
  })
})
