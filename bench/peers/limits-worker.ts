import { Redis } from 'ioredis'
import { performance } from 'node:perf_hooks'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import type { RateLimit } from '../../packages/chat-proxy/src/domain/ports/index.js'
import type { Asked, Burst, Setup } from '../shared-limits/messages.js'

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

process.on('message', (burst: Burst) => void answer(burst))
process.on('disconnect', () => process.exit(0))
process.send?.({ ready: true })

async function answer({ requests }: Burst): Promise<void> {
  const asked = await Promise.all(
    requests.map(async (limits): Promise<Asked> => {
      const began = performance.now()
      const isPassed = await consume(limits)
      return { isPassed, ms: performance.now() - began, waited: 0 }
    }),
  )
  process.send?.({ asked })
}

async function consume(limits: readonly RateLimit[]): Promise<boolean> {
  try {
    for (const limit of limits) await limiterOf(limit).consume(`${limit.tenantId}/${limit.id}`)
    return true
  } catch {
    return false
  }
}
