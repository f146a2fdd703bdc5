import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TEST_REDIS_URL } from '../../src/infrastructure/redis/testing/test-redis.js'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
  type TemporaryDatabase,
} from '../../src/infrastructure/sql/testing/temporary-postgres.js'
import { ProxyProcess } from '../support/proxy-process.js'
import { SlowUpstream } from '../support/slow-upstream.js'
import { newVisitor } from '../support/visitor.js'

const ANSWERS = 20
/** Three seconds of words. */
const WORDS = Array.from({ length: 100 }, (_, index) => `word${index} `)
/** Longer than a lease together with the time between two looks for answers that lost their process. */
const STALL_MS = 2_200
/** A process that is there keeps its answers for longer, whatever it does. */
const HANGING_MS = 10_000

/** Two processes, of which the other one ends what the first left when it is dead. */
describe.skipIf(!TEST_DATABASE_URL || !TEST_REDIS_URL)(
  'a process among others (needs TEST_DATABASE_URL and TEST_REDIS_URL)',
  () => {
    let database: TemporaryDatabase
    let sql: Client
    let upstream: SlowUpstream
    let first: ProxyProcess
    let other: ProxyProcess

    beforeAll(async () => {
      database = await createTemporaryDatabase()
      upstream = await SlowUpstream.open(WORDS, 30)
      sql = new Client({ connectionString: database.url })
      await sql.connect()
      const model = { LLM_BASE_URL: upstream.url, LLM_API_KEY: 'sk-none', LLM_MODEL: 'slow' }
      const env = { ...model, DATABASE_URL: database.url, REDIS_URL: TEST_REDIS_URL ?? '' }
      first = await ProxyProcess.start(env)
      other = await ProxyProcess.start(env)
    })
    afterAll(async () => {
      await Promise.all([first.kill(), other.kill()])
      await upstream.close()
      await sql.end()
      await database.drop()
    })

    /** How often each question reached the model. */
    const callsOf = (name: string): readonly number[] =>
      [...upstream.calls].filter(([question]) => question.startsWith(name)).map(([, calls]) => calls)
    /** Resolves when all answers are under way, with what readers of the first process get of them. */
    const askAll = async (of: string): Promise<readonly Promise<string>[]> => {
      const token = await newVisitor(`http://127.0.0.1:${first.port}`)
      const post = (path: string, body: object): Promise<Response> =>
        fetch(`http://127.0.0.1:${first.port}/api/v1/conversations${path}`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            accept: 'text/event-stream',
          },
          body: JSON.stringify(body),
        })
      const ask = async (index: number): Promise<Response> => {
        await (await post('', { id: `c_${of}_${index}` })).text()
        return post(`/c_${of}_${index}/messages`, { content: `${of} ${index}` })
      }
      const responses = await Promise.all(Array.from({ length: ANSWERS }, (_, index) => ask(index)))
      await expect.poll(() => callsOf(of).length).toBe(ANSWERS)
      return responses.map((response) => response.text())
    }
    const stored = async (
      of: string,
    ): Promise<readonly { status: string; content: string; ended_at: string | null }[]> =>
      (
        await sql.query(
          `select runs.status, messages.content, runs.ended_at from runs
        inner join messages on messages.id = runs.message_id where runs.conversation_id like $1`,
          [`c_${of}_%`],
        )
      ).rows

    test('that stands still for long keeps its answers, and nothing of them is doubled', async () => {
      const answers = await askAll('slow')
      first.pause()
      await new Promise((resolve) => setTimeout(resolve, STALL_MS))
      first.resume()
      for (const text of await Promise.all(answers)) {
        expect(text.match(/"status":"completed"/g)).toHaveLength(1)
        expect(text).not.toContain('interrupted')
      }
      const whole = { status: 'completed', content: WORDS.join('') }
      expect(await stored('slow')).toMatchObject(Array.from({ length: ANSWERS }, () => whole))
      expect(callsOf('slow')).toEqual(Array.from({ length: ANSWERS }, () => 1))
    })

    test('that is killed has them ended long before one that only hangs would', async () => {
      upstream.mostWords = 1
      const lost = Promise.allSettled(await askAll('dead'))
      const killedAt = Date.now()
      await first.kill()
      const ended = async () => (await stored('dead')).filter(({ status }) => status === 'interrupted').length
      await expect.poll(ended, { timeout: HANGING_MS }).toBe(ANSWERS)
      for (const { ended_at } of await stored('dead'))
        expect(Number(ended_at) - killedAt).toBeLessThan(HANGING_MS)
      await lost
    })
  },
)
