import { writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { OwnRedis } from '../../packages/chat-proxy/src/infrastructure/redis/testing/own-redis.js'
import { createTemporaryDatabase } from '../../packages/chat-proxy/src/infrastructure/sql/testing/temporary-postgres.js'
import { median } from '../figure.js'
import { COSTS_FILE, type Costs } from './costs.js'
import { meterPostgres, meterRedis } from './meters.js'
import {
  byQuantity,
  measureAnswers,
  measureMemory,
  type Phase,
  type Quantity,
  type Stores,
  type Used,
} from './phase.js'

/** As fast as providers speak. */
const INTERVAL_MS = 20
const SHORT = { tokens: 50, messages: 600 }
const LONG = { tokens: 450, messages: 300 }
/** Of each length, in turn: a machine is not as fast all the time. */
const ROUNDS = 3
const STREAMS = 1_000

const round = (value: number): number => Math.round(value * 100) / 100

/**
 * `pnpm scale measure`: what one message costs on each part, with a proxy, PostgreSQL and Redis in processes of their own.
 * Answers of two lengths tell what a message costs from what a token does. Writes `docs/scale-costs.json`.
 */
const began = performance.now()
const redisServer = await OwnRedis.start()
const database = await createTemporaryDatabase()
const stores: Stores = {
  postgres: await meterPostgres(database.url),
  redis: await meterRedis(redisServer.url),
  env: { DATABASE_URL: database.url, REDIS_URL: redisServer.url },
}
try {
  const [short, long]: [Phase[], Phase[]] = [[], []]
  for (let index = 0; index < ROUNDS; index += 1) {
    short.push(await measureAnswers(stores, INTERVAL_MS, SHORT))
    long.push(await measureAnswers(stores, INTERVAL_MS, LONG))
  }
  const costs = costsOf(short, long, await measureMemory(stores, STREAMS))
  writeFileSync(COSTS_FILE, `${JSON.stringify(costs, null, 2)}\n`)
  process.stdout.write(`${JSON.stringify(costs, null, 2)}\n`)
} finally {
  await stores.postgres.close()
  await stores.redis.close()
  await database.drop()
  await redisServer.remove()
}

type Memory = Awaited<ReturnType<typeof measureMemory>>

/** Two points make a line: what a message costs, and what each of its tokens adds. */
function costsOf(short: readonly Phase[], long: readonly Phase[], memory: Memory): Costs {
  const start = medianOf([...short, ...long].map((phase) => phase.start))
  const [few, many] = [short, long].map((phases) => medianOf(phases.map(({ message }) => message)))
  if (!few || !many) throw new Error('Nothing was measured.')
  // Less than nothing is noise around nothing.
  const perToken = (name: Quantity): number =>
    Math.max(0, (many[name] - few[name]) / (LONG.tokens - SHORT.tokens))
  const perMessage = (name: Quantity): number => round(Math.max(0, few[name] - perToken(name) * SHORT.tokens))
  const perSecond = (name: Quantity): number => round(perToken(name) * (1000 / INTERVAL_MS))
  return {
    measured: {
      day: new Date().toISOString().slice(0, 10),
      machine: machine(),
      seconds: Math.round((performance.now() - began) / 1000),
    },
    proxy: {
      cpuPerStart: round(start.proxy),
      cpuPerMessage: perMessage('proxy'),
      cpuPerToken: round(perToken('proxy')),
      memory: memory.idle,
      memoryPerStream: Math.round(memory.perStream),
    },
    postgres: {
      cpuPerStart: round(start.postgres),
      cpuPerMessage: perMessage('postgres'),
      cpuPerStreamSecond: perSecond('postgres'),
      commitsPerMessage: perMessage('commits'),
      walPerMessage: perMessage('wal'),
      walPerStreamSecond: perSecond('wal'),
      diskPerMessage: round(few.disk),
    },
    redis: {
      cpuPerMessage: perMessage('redis'),
      cpuPerToken: round(perToken('redis')),
      commandsPerMessage: perMessage('commands'),
      commandsPerToken: round(perToken('commands')),
      memoryPerMessage: perMessage('memory'),
      memoryPerToken: round(perToken('memory')),
    },
    network: { bytesPerToken: round(median(long.map(({ bytes }) => bytes))) },
  }
}

const medianOf = (used: readonly Used[]): Used => byQuantity((name) => median(used.map((one) => one[name])))

function machine(): string {
  const [cpu] = cpus()
  const [, busy] = loadavg()
  const model = cpu?.model.trim() ?? 'unnamed processor'
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}; load average ${busy?.toFixed(1)}`
}
