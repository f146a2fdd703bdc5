import { afterAll, describe } from 'vitest'
import { runReadersSuite } from '../../domain/ports/run-readers.suite.js'
import { RedisConnection } from './redis-connection.js'
import { RedisRunReaders } from './redis-run-readers.js'
import { newPrefix, removeKeys, TEST_REDIS_URL } from './testing/test-redis.js'

describe.skipIf(!TEST_REDIS_URL)('Redis (needs TEST_REDIS_URL)', () => {
  const prefix = newPrefix()
  afterAll(() => removeKeys(prefix))

  runReadersSuite('Redis, read in one process and generated in another', async () => {
    const connect = (): Promise<RedisConnection> => RedisConnection.open({ url: TEST_REDIS_URL, prefix })
    const connections = await Promise.all([connect(), connect()])
    const [reading, asking] = connections.map((connection) => new RedisRunReaders(connection))
    if (!reading || !asking) throw new Error('There are two connections.')
    return {
      reading,
      asking,
      async close() {
        for (const connection of connections) connection.close()
      },
    }
  })
})
