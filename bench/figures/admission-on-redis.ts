import { once } from 'node:events'
import { connect } from 'node:net'
import { openDatabase } from '../../packages/chat-proxy/src/composition-root/open-database.js'
import { openExchange } from '../../packages/chat-proxy/src/composition-root/open-exchange.js'
import { NO_METER, type RateLimit } from '../../packages/chat-proxy/src/domain/ports/index.js'
import {
  HAS_REDIS_SERVER,
  OwnRedis,
} from '../../packages/chat-proxy/src/infrastructure/redis/testing/own-redis.js'
import { PinoLogger } from '../../packages/chat-proxy/src/infrastructure/logging/pino-logger.js'
import { SystemClock } from '../../packages/chat-proxy/src/infrastructure/time/system-clock.js'
import { quantile, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'

const ROUNDS = 5
const ADMISSIONS = scaled(1_000)
const ROUND_TRIPS = 1

/**
 * What a message costs on Redis before it is admitted. What it may cost is set aside in the transaction that stores its run, so
 * the reserve needs no round trip of its own.
 */
export const admissionOnRedis: Bench = {
  name: 'Admission on Redis',
  parts: ['Redis'],
  async run() {
    if (!HAS_REDIS_SERVER) return []
    const redis = await OwnRedis.start()
    const parts = { clock: new SystemClock(), logger: new PinoLogger({ level: 'silent' }), meter: NO_METER }
    const database = await openDatabase({ kind: 'sqlite', file: ':memory:' }, parts)
    const exchange = await openExchange({ ...parts, database, redisUrl: redis.url, instances: 4 })
    try {
      // The first one carries the text of the script.
      await exchange.limiter.take(limitsOf(-1))
      const monitor = await watch(redis.url)
      const rounds = await repeated((round) => timesOf(exchange.limiter, round), ROUNDS)
      // The last of them may still be on its way to us; a connection is checked with PING now and then.
      await new Promise((resolve) => setTimeout(resolve, 100))
      const commands = monitor.commands().filter((line) => !/"ping"/i.test(line))
      monitor.close()
      return [figureOf(commands.length, rounds)]
    } finally {
      await exchange.close()
      await database.close()
      await redis.remove()
    }
  },
}

type Exchange = Awaited<ReturnType<typeof openExchange>>

/** @returns microseconds of each admission, one after the other */
async function timesOf(limiter: Exchange['limiter'], round: number): Promise<readonly number[]> {
  const times: number[] = []
  for (let index = 0; index < ADMISSIONS; index += 1) {
    const began = performance.now()
    await limiter.take(limitsOf(round * ADMISSIONS + index))
    times.push((performance.now() - began) * 1000)
  }
  return times
}

/** All that a message may have. */
const limitsOf = (index: number): readonly RateLimit[] => {
  const tenantId = 'acme'
  const limit = (scope: RateLimit['scope'], id: string): RateLimit => ({
    name: 'messages_per_minute',
    scope,
    tenantId,
    id,
    max: 1_000_000,
  })
  return [limit('user', `v_${index}`), limit('ip', `10.0.0.${index % 200}`), limit('tenant', '')]
}

/** Watches what Redis is sent by its clients, without what scripts do there. */
async function watch(url: string): Promise<{ commands(): string[]; close(): void }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.write('MONITOR\r\n')
  return {
    commands: () => text.split('\r\n').filter((line) => line.includes('"') && !line.includes(' lua] ')),
    close: () => socket.destroy(),
  }
}

function figureOf(commands: number, rounds: readonly (readonly number[])[]): Figure {
  const admissions = rounds.length * ADMISSIONS
  const each = commands / admissions
  const [p50, p99] = [0.5, 0.99].map((share) =>
    spread(
      rounds.map((times) => quantile(times, share)),
      'µs',
      0,
    ),
  )
  return {
    name: 'Round trips to Redis for an admission: limits of person, address and tenant, and the reserve; p50; p99',
    today: '–',
    target: `${ROUND_TRIPS}`,
    measured: `${each} in ${admissions.toLocaleString('en')}; ${p50}; ${p99}`,
    met: each === ROUND_TRIPS,
  }
}
