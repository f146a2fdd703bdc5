import type { Dependency } from '../../domain/ports/health.js'
import type { RedisConnection } from './redis-connection.js'

/** Readiness of Redis: one round trip that touches no key. */
export const redisDependency = (connection: RedisConnection): Dependency => ({
  name: 'redis',
  // While it is away, runs go on in the process that has them; refusing all requests would make a disturbance an outage.
  isEssential: false,
  async check() {
    await connection.use((redis) => redis.ping())
  },
})
