import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import type { RateLimit } from '../../packages/chat-proxy/src/domain/ports/index.js'
import type { Setup } from '../shared-limits/messages.js'
import { serveBursts } from '../shared-limits/serve-bursts.js'

/** One process that limits by `rate-limiter-flexible`, as its own pages advise: Redis, and memory with a share of the limit while it is away. */
const setup = JSON.parse(process.argv[2] ?? '{}') as Setup
const redis = new Redis(setup.redisUrl ?? '', { enableOfflineQueue: false, maxRetriesPerRequest: 1 })
redis.on('error', () => {})
if (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve))

const limiters = new Map<string, RateLimiterRedis>()

function limiterOf({ name, scope, max }: RateLimit): RateLimiterRedis {
  const keyPrefix = `${name}/${scope}/${max}`
  const known = limiters.get(keyPrefix)
  if (known) return known
  const window = { keyPrefix, duration: 60 }
  const insuranceLimiter = new RateLimiterMemory({ ...window, points: Math.ceil(max / setup.instances) })
  const limiter = new RateLimiterRedis({ ...window, storeClient: redis, points: max, insuranceLimiter })
  limiters.set(keyPrefix, limiter)
  return limiter
}

serveBursts(consume)

async function consume(limits: readonly RateLimit[]): Promise<boolean> {
  try {
    for (const limit of limits) await limiterOf(limit).consume(`${limit.tenantId}/${limit.id}`)
    return true
  } catch {
    return false
  }
}
