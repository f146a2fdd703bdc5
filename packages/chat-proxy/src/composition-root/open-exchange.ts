import type {
  Clock,
  ControlSignals,
  Dependency,
  Logger,
  Meter,
  RateLimiter,
  RunLog,
  RunReaders,
  RunSignals,
} from '../domain/ports/index.js'
import { MemoryControlSignals } from '../infrastructure/memory/memory-control-signals.js'
import { MemoryRunLog } from '../infrastructure/memory/memory-run-log.js'
import { MemoryRunReaders } from '../infrastructure/memory/memory-run-readers.js'
import { MemoryRunSignals } from '../infrastructure/memory/memory-run-signals.js'
import { BucketRateLimiter } from '../infrastructure/rate-limit/bucket-rate-limiter.js'
import { GuardedBuckets } from '../infrastructure/rate-limit/guarded-buckets.js'
import { SqlBuckets, type SqlDatabase } from '../infrastructure/sql/index.js'

/** Where runs are written, read and stopped: in this process alone, or in all that share a Redis. */
export interface Exchange {
  readonly log: RunLog
  readonly signals: RunSignals
  readonly readers: RunReaders
  readonly controlSignals: ControlSignals
  readonly limiter: RateLimiter
  readonly dependencies: readonly Dependency[]
  close(): Promise<void>
}

export interface ExchangeOptions {
  /** `null`: this process alone. */
  readonly redisUrl: string | null
  /** Processes that share it. */
  readonly instances: number
  /** Where limits are counted without Redis. */
  readonly database: SqlDatabase
  readonly clock: Clock
  readonly logger: Logger
  readonly meter: Meter
}

export const openExchange = (options: ExchangeOptions): Promise<Exchange> =>
  options.redisUrl === null ? inThisProcess(options) : onRedis(options, options.redisUrl)

async function inThisProcess({ clock, database, meter }: ExchangeOptions): Promise<Exchange> {
  // A gauge that nobody sets is 0, which means that Redis is away.
  meter.set('rate_limits_shared', 1)
  return {
    log: new MemoryRunLog({ clock }),
    signals: new MemoryRunSignals(),
    readers: new MemoryRunReaders({ clock }),
    controlSignals: new MemoryControlSignals(),
    limiter: new BucketRateLimiter({ clock, shared: new SqlBuckets(database) }),
    dependencies: [],
    close: () => Promise.resolve(),
  }
}

async function onRedis(options: ExchangeOptions, url: string): Promise<Exchange> {
  const { instances, clock, logger, meter } = options
  // Only where it is used: whoever waits for a process that was killed waits for all that it loads.
  const redis = await import('../infrastructure/redis/index.js')
  const connection = await redis.RedisConnection.open({
    url,
    onChange(isUp) {
      meter.set('redis_up', isUp ? 1 : 0)
      if (isUp) logger.info('redis is connected')
      else logger.warn('redis is away')
    },
  })
  meter.set('rate_limits_shared', 1)
  const log = new redis.RedisRunLog({ connection, clock })
  const signals = new redis.RedisRunSignals(connection)
  const controlSignals = new redis.RedisControlSignals(connection)
  const buckets = new GuardedBuckets({
    buckets: new redis.RedisBuckets(connection),
    clock,
    onChange: (isThere) => {
      meter.set('rate_limits_shared', isThere ? 1 : 0)
      if (isThere) logger.info('rate limits are counted in redis again')
      else logger.warn('redis is away: this process gives its part of the rate limits', { count: instances })
    },
  })
  return {
    log,
    signals,
    readers: new redis.RedisRunReaders(connection),
    controlSignals,
    limiter: new BucketRateLimiter({ clock, shared: buckets, instances }),
    dependencies: [redis.redisDependency(connection)],
    async close() {
      buckets.close()
      await log.close()
      signals.close()
      controlSignals.close()
      connection.close()
    },
  }
}
