import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  HAS_REDIS_SERVER,
  OwnRedis,
} from '../../packages/chat-proxy/src/infrastructure/redis/testing/own-redis.js'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
} from '../../packages/chat-proxy/src/infrastructure/sql/testing/temporary-postgres.js'
import { ProxyProcess } from '../../packages/chat-proxy/test/support/proxy-process.js'
import { measureStops } from '../ending/stops.js'
import { measureSwitches, type Switched } from '../ending/switches.js'
import { TimedModel } from '../ending/timed-model.js'
import { quantile, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'

const STOPS = scaled(200)
const RUNNING = scaled(256)
/** New calls are refused everywhere, however many processes there are. */
const MOST_REFUSED_MS = 100
const ADMIN_TOKEN = 'what-the-operator-of-this-bench-alone-knows'

/** How soon what is to end has ended, with answers running all the time. */
export const stopAndSwitch: Bench = {
  name: 'Stop and kill switch',
  parts: ['SQLite', 'PostgreSQL', 'Redis'],
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
    const model = await TimedModel.open()
    try {
      const sqlite = { DATA_DIR: folder }
      return [
        ...(await within(model, sqlite, 1, async ([one]) => [
          stopFigure(await repeated(() => measureStops(one, model, { stops: STOPS, running: RUNNING }))),
          ...switchFigures(
            'one process',
            1_000,
            await repeated(() => measureSwitches([one, one], model, SWITCHING)),
          ),
        ])),
        ...(await across('two processes, SQLite on one host', model, sqlite)),
        ...(await onPostgres(model)),
      ]
    } finally {
      await model.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

const SWITCHING = { running: RUNNING, adminToken: ADMIN_TOKEN }

async function onPostgres(model: TimedModel): Promise<readonly Figure[]> {
  if (!TEST_DATABASE_URL) return []
  const database = await createTemporaryDatabase()
  const redis = HAS_REDIS_SERVER ? await OwnRedis.start() : null
  const shared = { DATABASE_URL: database.url }
  try {
    return [
      ...(await across('two processes, PostgreSQL alone', model, shared)),
      ...(redis
        ? await across('two processes, PostgreSQL and Redis', model, { ...shared, REDIS_URL: redis.url })
        : []),
    ]
  } finally {
    await redis?.remove()
    await database.drop()
  }
}

/** Switched off at one process, asked and answered at the other. */
const across = (where: string, model: TimedModel, env: Record<string, string>): Promise<readonly Figure[]> =>
  within(model, env, 2, async ([one, other = one]) =>
    switchFigures(where, 2_000, await repeated(() => measureSwitches([one, other], model, SWITCHING))),
  )

async function within<T>(
  model: TimedModel,
  env: Record<string, string>,
  count: number,
  work: (ports: readonly [number, ...number[]]) => Promise<T>,
): Promise<T> {
  const llm = { LLM_BASE_URL: model.url, LLM_API_KEY: 'sk-none', LLM_MODEL: 'bench' }
  const start = (): Promise<ProxyProcess> => ProxyProcess.start({ ...llm, ADMIN_TOKEN, ...env })
  const first = await start()
  const others = await Promise.all(Array.from({ length: count - 1 }, start))
  try {
    return await work([first.port, ...others.map(({ port }) => port)])
  } finally {
    await Promise.all([first, ...others].map((proxy) => proxy.kill()))
  }
}

const stopFigure = (rounds: readonly (readonly number[])[]): Figure => {
  const [p50, p99, longest] = [0.5, 0.99, 1].map((share) => rounds.map((took) => quantile(took, share)))
  return {
    name: `Stop: upstream socket closed, longest of ${STOPS.toLocaleString('en')} among ${RUNNING} answers; p50; p99`,
    today: '–',
    target: '≤ 100 ms',
    measured: [longest, p50, p99].map((times = []) => spread(times, 'ms', 1)).join('; '),
    met: Math.max(...(longest ?? [])) <= 100,
  }
}

/** @param most ms for answers under way to end */
function switchFigures(
  where: string,
  most: number,
  rounds: readonly (readonly Switched[])[],
): readonly Figure[] {
  const all = rounds.flat()
  const worst = (of: (one: Switched) => number): number => Math.max(0, ...all.map(of))
  /** Of all that was switched, however often; then the worst of each kind of switch. */
  const told = (of: (one: Switched) => number): string => {
    const scopes = Map.groupBy(all, ({ scope }) => scope)
    const each = [...scopes].map(([scope, ones]) => `${scope} ≤ ${Math.max(...ones.map(of)).toFixed(0)}`)
    return `${spread(all.map(of), 'ms', 0)}: ${each.join(' · ')}`
  }
  const refused = (one: Switched): number => one.refusedAfter
  const ended = (name: string, of: (one: Switched) => number): Figure => ({
    name: `Kill switch, ${where}: ${name}, ${RUNNING} answers under way`,
    today: '–',
    target: `≤ ${most / 1000} s`,
    measured: told(of),
    met: worst(of) <= most,
  })
  return [
    {
      name: `Kill switch, ${where}: last new call that reached the model`,
      today: '–',
      target: `≤ ${MOST_REFUSED_MS} ms`,
      measured: told(refused),
      met: worst(refused) <= MOST_REFUSED_MS,
    },
    ended("the model's last socket is closed", ({ closedAfter }) => closedAfter),
    ended('the last reader is told, after the end was stored', ({ toldAfter }) => toldAfter),
  ]
}
