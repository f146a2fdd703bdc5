import {
  HAS_REDIS_SERVER,
  OwnRedis,
} from '../../packages/chat-proxy/src/infrastructure/redis/testing/own-redis.js'
import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'
import { delaysOf } from '../delta-delay/delays.js'
import { TimedUpstream } from '../delta-delay/timed-upstream.js'
import { quantile, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'
import { completion, question } from '../proxy-cost/calls.js'
import { startProxy } from '../proxy-cost/processes.js'

const STREAMS = 50
const WORDS = scaled(200)
const INTERVAL_MS = 20
const MOST_MS = 25
/** In the middle of the answers. */
const FROZEN_AFTER_MS = 2_500
const FROZEN_FOR_MS = 1_500

/** How long the proxy holds a delta back, from the model's socket to the client's, on a log that it has written before. */
export const deltaDelay: Bench = {
  name: 'Delay of a delta',
  parts: ['SQLite', 'Redis'],
  async run() {
    const upstream = await TimedUpstream.open(WORDS, INTERVAL_MS)
    try {
      const inMemory = figureOf('run log in memory', await repeated(() => throughProxy(upstream, {})))
      return HAS_REDIS_SERVER ? [inMemory, ...(await onRedis(upstream))] : [inMemory]
    } finally {
      await upstream.close()
    }
  },
}

async function onRedis(upstream: TimedUpstream): Promise<readonly Figure[]> {
  const redis = await OwnRedis.start()
  const env = { REDIS_URL: redis.url }
  try {
    const answering = await repeated(() => throughProxy(upstream, env))
    const frozen = await repeated(() => throughProxy(upstream, env, () => freeze(redis)))
    return [
      figureOf('run log in Redis', answering),
      figureOf(`run log in Redis, which is frozen for ${FROZEN_FOR_MS / 1000} s meanwhile`, frozen),
    ]
  } finally {
    redis.resume()
    await redis.remove()
  }
}

/** In milliseconds, of the same number of deltas each. */
interface Delays {
  readonly proxy: readonly number[]
  /** Over connections to the model itself at the same time: what the machine and this process do to both. */
  readonly direct: readonly number[]
}

async function freeze(redis: OwnRedis): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, FROZEN_AFTER_MS))
  redis.pause()
  await new Promise((resolve) => setTimeout(resolve, FROZEN_FOR_MS))
  redis.resume()
}

async function throughProxy(
  upstream: TimedUpstream,
  env: Record<string, string>,
  meanwhile = (): Promise<void> => Promise.resolve(),
): Promise<Delays> {
  const server = await startProxy(upstream, { ...NO_LIMITS_ENV, ...env })
  const ask = () => Promise.all(many(null).map(() => question(server.port, 'text/event-stream')))
  try {
    // A process that has answered once is warm.
    await delaysOf(server.port, await ask())
    const calls = await ask()
    const [proxy, direct] = await Promise.all([
      delaysOf(server.port, calls),
      delaysOf(upstream.port, many(completion(true))),
      meanwhile(),
    ])
    return { proxy, direct }
  } finally {
    await server.stop()
  }
}

const many = <T>(one: T): readonly T[] => Array.from({ length: STREAMS }, () => one)

function figureOf(where: string, rounds: readonly Delays[]): Figure {
  const added = rounds.map(({ proxy, direct }) => Math.max(0, longest(proxy) - longest(direct)))
  const isWhole = rounds.every(
    ({ proxy, direct }) => proxy.length === STREAMS * WORDS && direct.length === proxy.length,
  )
  const count = (STREAMS * WORDS).toLocaleString('en')
  return {
    name: `Longest delay of ${count} deltas in ${STREAMS} streams, beyond that of as many over direct connections beside them, ${where} (median, p99, longest; the same when direct)`,
    today: '–',
    target: `≤ ${MOST_MS} ms`,
    measured: isWhole
      ? `${spread(added, 'ms', 1)}; ${delaysIn(rounds.map(({ proxy }) => proxy))}; ${delaysIn(rounds.map(({ direct }) => direct))}`
      : rounds.map(({ proxy, direct }) => `${proxy.length} and ${direct.length} deltas came`).join(', '),
    met: isWhole && quantile(added, 1) <= MOST_MS,
  }
}

const longest = (delays: readonly number[]): number => quantile(delays, 1)
/** Of all rounds together. */
const delaysIn = (rounds: readonly (readonly number[])[]): string =>
  [0.5, 0.99, 1].map((share) => `${quantile(rounds.flat(), share).toFixed(1)} ms`).join(', ')
