import type { Clock, Dependency, Logger, RunLog, RunReaders, RunSignals } from '../domain/ports/index.js'
import { MemoryRunLog } from '../infrastructure/memory/memory-run-log.js'
import { MemoryRunReaders } from '../infrastructure/memory/memory-run-readers.js'
import { MemoryRunSignals } from '../infrastructure/memory/memory-run-signals.js'
import {
  RedisConnection,
  redisDependency,
  RedisRunLog,
  RedisRunReaders,
  RedisRunSignals,
} from '../infrastructure/redis/index.js'

/** Where runs are written, read and stopped: in this process alone, or in all that share a Redis. */
export interface Exchange {
  readonly log: RunLog
  readonly signals: RunSignals
  readonly readers: RunReaders
  readonly dependencies: readonly Dependency[]
  close(): Promise<void>
}

export async function openExchange(redisUrl: string | null, clock: Clock, logger: Logger): Promise<Exchange> {
  if (redisUrl === null) {
    return {
      log: new MemoryRunLog({ clock }),
      signals: new MemoryRunSignals(),
      readers: new MemoryRunReaders({ clock }),
      dependencies: [],
      close: () => Promise.resolve(),
    }
  }
  const connection = await RedisConnection.open({
    url: redisUrl,
    onChange: (isUp) => (isUp ? logger.info('redis is connected') : logger.warn('redis is away')),
  })
  const log = new RedisRunLog({ connection, clock })
  const signals = new RedisRunSignals(connection)
  return {
    log,
    signals,
    readers: new RedisRunReaders(connection),
    dependencies: [redisDependency(connection)],
    async close() {
      await log.close()
      signals.close()
      connection.close()
    },
  }
}
