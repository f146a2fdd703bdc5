import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TEST_REDIS_URL } from '../../src/infrastructure/redis/testing/test-redis.js'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
  type TemporaryDatabase,
} from '../../src/infrastructure/sql/testing/temporary-postgres.js'
import { NO_LIMITS_ENV } from '../support/no-limits.js'
import { ProxyProcess } from '../support/proxy-process.js'
import { SlowUpstream } from '../support/slow-upstream.js'
import { newVisitor } from '../support/visitor.js'

const INSTANCES = 4
const SENDS = 200
const PER_MINUTE = 60
const PER_DAY = 40
const AT_ONCE = 5
const WORDS = Array.from({ length: 20 }, (_, index) => `word${index} `)
const ANSWER = WORDS.join('')
const MILLIONTHS = 1_000_000
const PAID_SENDS = 100
/** In millionths of a dollar: what less than half of the questions cost. */
const BUDGET = 10_000
/** An estimate takes it for prose, and the provider counts each letter. */
const DEAR_QUESTION = 'q'.repeat(200)

/** As an operator runs it: any number of processes, one PostgreSQL, one Redis. */
describe.skipIf(!TEST_DATABASE_URL || !TEST_REDIS_URL)(
  'four instances on one PostgreSQL and one Redis (needs TEST_DATABASE_URL and TEST_REDIS_URL)',
  () => {
    let database: TemporaryDatabase
    let sql: Client
    let upstream: SlowUpstream
    let env: Record<string, string>
    let instances: ProxyProcess[]

    const startAll = (over: Record<string, string> = {}) =>
      Promise.all(Array.from({ length: INSTANCES }, () => ProxyProcess.start({ ...env, ...over })))
    const killAll = (all: readonly ProxyProcess[]) => Promise.all(all.map((instance) => instance.kill()))

    beforeAll(async () => {
      database = await createTemporaryDatabase()
      upstream = await SlowUpstream.open(WORDS, 40)
      sql = new Client({ connectionString: database.url })
      await sql.connect()
      env = {
        LLM_BASE_URL: upstream.url,
        LLM_API_KEY: 'sk-none',
        LLM_MODEL: 'slow',
        DATABASE_URL: database.url,
        REDIS_URL: TEST_REDIS_URL ?? '',
        INSTANCES: String(INSTANCES),
      }
      instances = await startAll({
        LOG_LEVEL: 'warn',
        MESSAGES_PER_MINUTE: String(PER_MINUTE),
        MESSAGES_PER_DAY: String(PER_DAY),
      })
    })
    afterAll(async () => {
      await killAll(instances)
      await upstream.close()
      await sql.end()
      await database.drop()
    })

    const urlOf = (index: number): string => `http://127.0.0.1:${instances[index % instances.length]?.port}`
    const newToken = () => newVisitor(urlOf(0))
    const call = (index: number, token: string, path: string, body?: object) =>
      fetch(`${urlOf(index)}/api/v1${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body ? JSON.stringify(body) : null,
      })
    const conversation = async (token: string): Promise<string> => {
      // An answer of the contract has an id.
      const { id } = (await (await call(0, token, '/conversations', {})).json()) as { id: string }
      return id
    }
    const send = async (
      index: number,
      token: string,
      id: string,
      runId = `run_${randomUUID()}`,
      content = runId,
    ) => {
      const answer = await call(index, token, `/conversations/${id}/messages`, {
        content,
        run_id: runId,
      })
      // Every answer of the contract is an object; `type` stands in those that refuse.
      const { type } = (await answer.json()) as { type?: string }
      return { status: answer.status, type }
    }
    const statusOf = async (index: number, token: string, runId: string): Promise<unknown> => {
      // As above.
      const run = (await (await call(index, token, `/runs/${runId}`)).json()) as { status: string }
      return run.status
    }
    const rows = async (query: string, ...values: readonly unknown[]): Promise<Record<string, unknown>[]> =>
      (await sql.query(query, [...values])).rows
    const nothingIsSetAside = async (): Promise<void> => {
      expect(await rows('select * from ledger_reservations')).toEqual([])
      expect(
        await rows(
          'select * from ledger_counters where reserved_messages <> 0 or reserved_tokens <> 0 or reserved_money <> 0',
        ),
      ).toEqual([])
    }

    test('200 messages of one person at once: neither the quota nor the rate is passed by one', async () => {
      const token = await newToken()
      const id = await conversation(token)
      const began = performance.now()
      const answers = await Promise.all(Array.from({ length: SENDS }, (_, index) => send(index, token, id)))
      const count = (status: number, type?: string): number =>
        answers.filter((answer) => answer.status === status && answer.type === type).length
      const statuses = JSON.stringify(answers.map(({ status, type }) => `${status} ${type ?? ''}`).toSorted())
      // A token comes back every second.
      const refilled = Math.ceil((performance.now() - began) / 1000)
      // Where Redis was silent for 40 ms, as on a machine that is too busy, a process gave its part: of its own limit, and on
      // top of what the others gave, which asked Redis.
      const parts = instances.filter(({ printed }) => printed.includes('gives its part')).length
      const passed = count(200) + count(429, 'QuotaExceededError')
      // May or may not have taken a token before the store was too busy for it.
      const unavailable = count(503, 'ServiceUnavailableError')
      expect(passed, statuses).toBeLessThanOrEqual(PER_MINUTE + refilled + (parts * PER_MINUTE) / INSTANCES)
      expect(passed + unavailable, statuses).toBeGreaterThanOrEqual(parts === 0 ? PER_MINUTE : INSTANCES)
      expect(count(429, 'RateLimitError'), statuses).toBe(SENDS - passed - unavailable)
      const said = "select count(*) filter (where content <> '') as answered, count(*) as begun from messages"
      const [{ answered, begun } = {}] = await rows(`${said} where role = 'assistant'`)
      expect(Number(answered)).toBeLessThanOrEqual(PER_DAY)
      // What brought nothing costs nothing, and may do so after others were refused for it.
      expect(Number(begun), statuses).toBeGreaterThanOrEqual(Math.min(PER_DAY, passed))
      const counters = 'select messages from ledger_counters where scope = $1 and max_messages is not null'
      expect(await rows(counters, 'user')).toEqual([{ messages: answered }])
      await nothingIsSetAside()
    })

    test('an instance that is killed: another ends its answer, and nothing stays set aside', async () => {
      const token = await newToken()
      const id = await conversation(token)
      const [doomed, other] = [`run_${randomUUID()}`, `run_${randomUUID()}`]
      upstream.mostWords = 1
      const lost = send(1, token, id, doomed).catch(() => null)
      const kept = send(2, token, id, other)
      await expect.poll(() => statusOf(3, token, doomed)).toBe('streaming')
      await instances[1]?.kill()
      upstream.mostWords = Infinity
      await expect.poll(() => statusOf(3, token, doomed)).toBe('interrupted')
      await lost
      expect(await kept).toEqual({ status: 200 })
      await nothingIsSetAside()
      instances[1] = await ProxyProcess.start(env)
      expect(await statusOf(1, token, doomed)).toBe('interrupted')
      expect(await send(1, token, id)).toEqual({ status: 200 })
    })

    test('all of them killed and started again: what was acknowledged is there, and the rest is ended', async () => {
      const token = await newToken()
      const id = await conversation(token)
      const whole = `run_${randomUUID()}`
      expect(await send(0, token, id, whole)).toEqual({ status: 200 })
      const broken = Array.from({ length: INSTANCES }, () => `run_${randomUUID()}`)
      upstream.mostWords = 1
      const lost = broken.map((runId, index) => send(index, token, id, runId).catch(() => null))
      for (const runId of broken) await expect.poll(() => statusOf(0, token, runId)).toBe('streaming')
      await killAll(instances)
      upstream.mostWords = Infinity
      await Promise.all(lost)
      instances = await startAll({ RUNS_AT_ONCE: String(AT_ONCE) })
      for (const runId of broken) await expect.poll(() => statusOf(2, token, runId)).toBe('interrupted')
      const messages = await rows('select content from messages where run_id = $1', whole)
      expect(messages).toEqual([{ content: ANSWER }])
      await nothingIsSetAside()
    })

    test('one person’s answers at once are counted over all of them', async () => {
      const token = await newToken()
      const id = await conversation(token)
      let most = 0
      const watch = setInterval(() => (most = Math.max(most, upstream.open)), 5)
      const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => send(index, token, id)))
      clearInterval(watch)
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200))
      expect(most).toBe(AT_ONCE)
    })

    test('100 questions at once that cost money: the budget holds, and the ledger is what the provider counted', async () => {
      await killAll(instances)
      instances = await startAll({
        LOG_LEVEL: 'warn',
        ...NO_LIMITS_ENV,
        PRICES: 'slow=1/2',
        BUDGET_USD_PER_DAY_USER: String(BUDGET / MILLIONTHS),
        MAX_ANSWER_TOKENS: String(WORDS.length),
      })
      const token = await newToken()
      // As dear as a tokenizer can be.
      upstream.lettersAToken = 1
      const before = { ...upstream.counted }
      const ids = await Promise.all(Array.from({ length: PAID_SENDS }, () => conversation(token)))
      const answers = await Promise.all(
        ids.map((id, index) => send(index, token, id, undefined, DEAR_QUESTION)),
      )
      const refused = answers.filter(({ type }) => type === 'QuotaExceededError').length
      const answered = answers.filter(({ status }) => status === 200).length
      expect(answered + refused).toBe(PAID_SENDS)
      expect(Math.min(answered, refused)).toBeGreaterThan(0)
      const { prompt, completion } = upstream.counted
      const cost = prompt - before.prompt + 2 * (completion - before.completion)
      expect(cost).toBeLessThanOrEqual(BUDGET)
      const counters = "select money from ledger_counters where span = 'day' and max_money is not null"
      expect(await rows(counters)).toEqual([{ money: String(cost) }])
      await nothingIsSetAside()
    })
  },
)
