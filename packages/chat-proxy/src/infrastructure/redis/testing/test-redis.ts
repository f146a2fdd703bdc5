import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'

/** Where tests may write keys; without it they are skipped. */
export const TEST_REDIS_URL = process.env['TEST_REDIS_URL'] ?? ''

/** For all keys of one test file. */
export const newPrefix = (): string => `colloquy-test-${randomUUID()}:`

/** Removes what stands under the prefix. */
export async function removeKeys(prefix: string): Promise<void> {
  const redis = new Redis(TEST_REDIS_URL)
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
    if (keys.length > 0) await redis.del(...keys)
  }
  await redis.quit()
}
