import { describe } from 'vitest'
import { controlSignalsSuite } from '../../domain/ports/control-signals.suite.js'
import { RedisConnection } from './redis-connection.js'
import { RedisControlSignals } from './redis-control-signals.js'
import { newPrefix, TEST_REDIS_URL } from './testing/test-redis.js'

describe.skipIf(!TEST_REDIS_URL)('Redis (needs TEST_REDIS_URL)', () => {
  const open = async (prefix: string) => {
    const connection = await RedisConnection.open({ url: TEST_REDIS_URL, prefix })
    const signals = new RedisControlSignals(connection)
    const close = (): void => {
      signals.close()
      connection.close()
    }
    return { signals, close }
  }

  controlSignalsSuite('Redis, from one process to another', async () => {
    const prefix = newPrefix()
    const [one, other] = [await open(prefix), await open(prefix)]
    return {
      announcing: one.signals,
      listening: other.signals,
      close: async () => [one, other].forEach(({ close }) => close()),
    }
  })
})
