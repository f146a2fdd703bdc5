import { writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { OwnRedis } from '../../packages/chat-proxy/src/infrastructure/redis/testing/own-redis.js'
import { createTemporaryDatabase } from '../../packages/chat-proxy/src/infrastructure/sql/testing/temporary-postgres.js'
import { versionsOf } from '../parts.js'
import { costsOf } from './costs-of.js'
import { COSTS_FILE } from './costs.js'
import { meterPostgres, meterRedis } from './meters.js'
import { measureAnswers, measureMemory, type Answers, type Stores } from './phase.js'
import type { Phase } from './quantities.js'

/** As fast as providers speak. */
const INTERVAL_MS = 20
const SHORT: Answers = { tokens: 50, messages: 384 }
const LONG: Answers = { tokens: 300, messages: 192 }
/** Of each length, in turn: a machine is not as fast all the time. */
const ROUNDS = 3
const STREAMS = 600

/**
 * `pnpm scale measure`: what one message costs on each part, with a proxy, PostgreSQL and Redis in processes of their own.
 * Answers of two lengths tell what a message costs from what a token does. Writes `docs/scale-costs.json`.
 */
const began = performance.now()
const [busy = 0] = loadavg()
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
  const memory = await measureMemory(stores, STREAMS)
  const costs = costsOf({
    measured: {
      day: new Date().toISOString().slice(0, 10),
      machine: await machine(),
      seconds: Math.round((performance.now() - began) / 1000),
      busy: Math.round(busy * 10) / 10,
    },
    intervalMs: INTERVAL_MS,
    short: { ...SHORT, phases: short },
    long: { ...LONG, phases: long },
    memory,
  })
  writeFileSync(COSTS_FILE, `${JSON.stringify(costs, null, 2)}\n`)
  process.stdout.write(`${JSON.stringify(costs, null, 2)}\n`)
} finally {
  await stores.postgres.close()
  await stores.redis.close()
  await database.drop()
  await redisServer.remove()
}

async function machine(): Promise<string> {
  const [cpu] = cpus()
  const model = cpu?.model.trim() || 'unnamed processor'
  const programs = [`Node ${process.version}`, ...(await versionsOf(['PostgreSQL', 'Redis']))].join(', ')
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${programs}`
}
