import { afterEach, describe, expect, test } from 'vitest'
import { HAS_REDIS_SERVER, OwnRedis } from '../../src/infrastructure/redis/testing/own-redis.js'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
  type TemporaryDatabase,
} from '../../src/infrastructure/sql/testing/temporary-postgres.js'
import { ProxyProcess } from '../support/proxy-process.js'
import { SlowUpstream } from '../support/slow-upstream.js'
import { newVisitor } from '../support/visitor.js'

const WORDS = ['One ', 'two']
const ADMIN_TOKEN = 'what-the-operator-of-this-test-alone-knows'
const TARGETS = [
  { scope: 'installation' },
  { scope: 'tenant', tenant: 'default' },
  { scope: 'model', model: 'slow' },
] as const

/** What is switched off at one process ends what another one answers, by real sockets and real time. */
describe.skipIf(!TEST_DATABASE_URL || !HAS_REDIS_SERVER).each([
  ['by the database alone', false],
  ['by Redis', true],
])('the kill switch from one process to the other, %s', (_name, hasRedis) => {
  let database: TemporaryDatabase
  let redis: OwnRedis | null = null
  let upstream: SlowUpstream
  let instances: readonly ProxyProcess[] = []

  afterEach(async () => {
    await Promise.all(instances.map((instance) => instance.kill()))
    await upstream.close()
    await redis?.remove()
    await database.drop()
  })

  const open = async (): Promise<readonly [ProxyProcess, ProxyProcess]> => {
    database = await createTemporaryDatabase()
    redis = hasRedis ? await OwnRedis.start() : null
    upstream = await SlowUpstream.open(WORDS, 25)
    // An answer that ends was ended.
    upstream.mostWords = 1
    const model = { LLM_BASE_URL: upstream.url, LLM_API_KEY: 'sk-none', LLM_MODEL: 'slow' }
    const shared = { DATABASE_URL: database.url, ...(redis && { REDIS_URL: redis.url }) }
    const started = [
      await ProxyProcess.start({ ...model, ...shared, ADMIN_TOKEN }),
      await ProxyProcess.start({ ...model, ...shared, ADMIN_TOKEN }),
    ] as const
    instances = started
    return started
  }
  const call = (instance: ProxyProcess, method: string, path: string, token: string, body: object) =>
    fetch(`http://127.0.0.1:${instance.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test.each(TARGETS)('$scope', async (target) => {
    const [here, there] = await open()
    const token = await newVisitor(`http://127.0.0.1:${there.port}`)
    const ask = () => call(there, 'POST', '/api/v1/chat', token, { message: 'Count' })
    const answer = ask()
    await expect.poll(() => upstream.open).toBe(1)
    const turned = await call(here, 'PUT', '/api/v1/admin/kill-switches', ADMIN_TOKEN, {
      ...target,
      off: true,
    })
    expect(turned.status).toBe(200)
    await expect.poll(() => upstream.open).toBe(0)
    const ended = await answer
    expect(ended.status).toBe(503)
    expect(await ended.json()).toMatchObject({ error: 'The chat is switched off' })
    expect((await ask()).status).toBe(503)
    expect(upstream.calls.get('Count')).toBe(1)
  })
})
