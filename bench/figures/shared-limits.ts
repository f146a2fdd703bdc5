import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreConfig } from '../../packages/chat-proxy/src/config/config.js'
import {
  HAS_REDIS_SERVER,
  OwnRedis,
} from '../../packages/chat-proxy/src/infrastructure/redis/testing/own-redis.js'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
} from '../../packages/chat-proxy/src/infrastructure/sql/testing/temporary-postgres.js'
import { quantile, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'
import { named } from '../peers/bundles.js'
import { Referee, requestsOf } from '../shared-limits/crowd.js'
import type { Asked } from '../shared-limits/messages.js'
import { Processes } from '../shared-limits/processes.js'

const INSTANCES = 4
const REQUESTS = scaled(100_000)
const BURST = 500
const BURSTS = Math.max(8, Math.round(REQUESTS / BURST))
/** Between bursts: what is away stays away for a while, and tokens come back. */
const PAUSE_MS = 60
const LONGEST_WAIT_MS = 50
const PEER = 'peers/limits-worker.ts'

/** Whether limits that processes share are passed, also while the store of the counts dies and comes back. */
export const sharedLimits: Bench = {
  name: 'Shared limits',
  parts: ['Redis', 'PostgreSQL', 'SQLite'],
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
    const file = join(folder, 'chat.db')
    try {
      const sqlite = await measure({ kind: 'sqlite', file }, null)
      const redis = HAS_REDIS_SERVER ? await withRedis({ kind: 'sqlite', file }) : []
      return [...redis, ...(await withPostgres()), passedFigure('SQLite on one host', sqlite)]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Measured {
  readonly asked: number
  readonly passed: number
  readonly over: number
  /** Requests that were asked in the second third, while the store was away if it was at all. */
  readonly away: readonly Asked[]
}

async function withPostgres(): Promise<readonly Figure[]> {
  if (!TEST_DATABASE_URL) return []
  const database = await createTemporaryDatabase()
  try {
    return [passedFigure('PostgreSQL', await measure({ kind: 'postgres', url: database.url }, null))]
  } finally {
    await database.drop()
  }
}

async function withRedis(store: StoreConfig): Promise<readonly Figure[]> {
  const redis = await OwnRedis.start()
  try {
    const kill = [() => redis.kill(), () => redis.start()] as const
    const there = await measure(store, redis)
    const freeze = [async () => redis.pause(), async () => redis.resume()] as const
    const killed = await repeated(() => measure(store, redis, kill))
    const frozen = await repeated(() => measure(store, redis, freeze))
    const peer = {
      there: await measure(store, redis, null, PEER),
      killed: await measure(store, redis, kill, PEER),
    }
    return [
      passedFigure('Redis', there, toldOf(peer.there)),
      passedFigure('Redis, killed in between and back empty', together(killed), toldOf(peer.killed)),
      waitFigure('killed', killed, there),
      // Without a limit of time, which it does not have, a peer would wait for as long as the store is frozen.
      passedFigure('Redis, frozen in between', together(frozen)),
      waitFigure('frozen', frozen, there),
    ]
  } finally {
    await redis.remove()
  }
}

/** @param outage how the store goes after a third of the bursts, and how it comes back after two */
async function measure(
  store: StoreConfig,
  redis: OwnRedis | null,
  outage: readonly [() => Promise<void>, () => Promise<void>] | null = null,
  worker?: string,
): Promise<Measured> {
  const setup = { store, redisUrl: redis?.url ?? null, instances: INSTANCES }
  const processes = await Processes.start(setup, worker)
  const referee = new Referee()
  const run = crypto.randomUUID()
  const away: Asked[] = []
  const [goes, comes] = [Math.round(BURSTS / 3), Math.round((BURSTS * 2) / 3)]
  for (let burst = 0; burst < BURSTS; burst += 1) {
    if (burst === goes) await outage?.[0]()
    if (burst === comes) await outage?.[1]()
    const requests = requestsOf(burst, BURST, { run, processes: INSTANCES })
    const began = performance.now()
    const asked = await processes.burst(requests)
    if (burst >= goes && burst < comes) away.push(...asked)
    for (const [index, { isPassed }] of asked.entries()) referee.take(requests[index] ?? [], isPassed, began)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  const over = referee.over(performance.now())
  await processes.stop()
  return { asked: BURSTS * BURST, passed: referee.passed, over, away }
}

const toldOf = ({ passed, over }: Measured): string =>
  `${over.toLocaleString('en')} beyond, ${passed.toLocaleString('en')} let through (${named('rate-limiter-flexible')})`

const passedFigure = (store: string, { asked, passed, over }: Measured, today = '–'): Figure => ({
  name: `${store}: requests beyond a limit, ${asked.toLocaleString('en')} in bursts of ${BURST} over ${INSTANCES} processes (let through)`,
  today,
  target: '0',
  measured: `${over} (${passed.toLocaleString('en')})`,
  met: over === 0,
})

/** Rounds as one. */
const together = (rounds: readonly Measured[]): Measured => ({
  asked: rounds.reduce((sum, { asked }) => sum + asked, 0),
  passed: rounds.reduce((sum, { passed }) => sum + passed, 0),
  over: rounds.reduce((sum, { over }) => sum + over, 0),
  away: rounds.flatMap(({ away }) => away),
})

function waitFigure(how: string, rounds: readonly Measured[], { away: there }: Measured): Figure {
  const longest = rounds.map(({ away }) => Math.max(...away.map(({ waited }) => waited)))
  const p99 = (asked: readonly Asked[]): number =>
    quantile(
      asked.map(({ ms }) => ms),
      0.99,
    )
  return {
    name: `Redis ${how}: longest wait of a request for it; p99 with the work of its whole burst; the same with Redis there`,
    today: '–',
    target: `≤ ${LONGEST_WAIT_MS} ms`,
    measured: `${spread(longest, 'ms', 1)}; ${spread(
      rounds.map(({ away }) => p99(away)),
      'ms',
      0,
    )}; ${p99(there).toFixed(0)} ms`,
    met: Math.max(...longest) <= LONGEST_WAIT_MS,
  }
}
