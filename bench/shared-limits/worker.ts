import { performance } from 'node:perf_hooks'
import { openDatabase } from '../../packages/chat-proxy/src/composition-root/open-database.js'
import { openExchange } from '../../packages/chat-proxy/src/composition-root/open-exchange.js'
import type { StoreConfig } from '../../packages/chat-proxy/src/config/config.js'
import { NO_METER } from '../../packages/chat-proxy/src/domain/ports/index.js'
import { PinoLogger } from '../../packages/chat-proxy/src/infrastructure/logging/pino-logger.js'
import { SystemClock } from '../../packages/chat-proxy/src/infrastructure/time/system-clock.js'
import type { Setup } from './messages.js'
import { serveBursts } from './serve-bursts.js'

/** One process of the proxy, as far as limits go: the same wiring, and messages of its parent in place of HTTP. */
const setup = JSON.parse(process.argv[2] ?? '{}') as Setup
const clock = new SystemClock()
const logger = new PinoLogger({ level: 'silent' })
const parts = { clock, logger, meter: NO_METER }
const store: StoreConfig = setup.store
const database = await openDatabase(store, parts)
const exchange = await openExchange({
  ...parts,
  database,
  redisUrl: setup.redisUrl,
  instances: setup.instances,
})

serveBursts(
  async (limits) => (await exchange.limiter.take(limits)) === null,
  () => performance.eventLoopUtilization().idle,
  async () => {
    await exchange.close()
    await database.close()
  },
)
