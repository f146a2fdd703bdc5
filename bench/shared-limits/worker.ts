import { performance } from 'node:perf_hooks'
import { openDatabase } from '../../packages/chat-proxy/src/composition-root/open-database.js'
import { openExchange } from '../../packages/chat-proxy/src/composition-root/open-exchange.js'
import type { StoreConfig } from '../../packages/chat-proxy/src/config/config.js'
import { NO_METER } from '../../packages/chat-proxy/src/domain/ports/index.js'
import { PinoLogger } from '../../packages/chat-proxy/src/infrastructure/logging/pino-logger.js'
import { SystemClock } from '../../packages/chat-proxy/src/infrastructure/time/system-clock.js'
import type { Asked, Burst, Setup } from './messages.js'

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

process.on('message', (burst: Burst) => void answer(burst))
process.on('disconnect', () => process.exit(0))
process.send?.({ ready: true })

async function answer({ requests }: Burst): Promise<void> {
  const asked = await Promise.all(
    requests.map(async (limits): Promise<Asked> => {
      const [began, idle] = [performance.now(), idleMs()]
      const reached = await exchange.limiter.take(limits)
      return { isPassed: reached === null, ms: performance.now() - began, waited: idleMs() - idle }
    }),
  )
  process.send?.({ asked })
}

/** Time that this process has had nothing to do but wait. */
function idleMs(): number {
  return performance.eventLoopUtilization().idle
}
