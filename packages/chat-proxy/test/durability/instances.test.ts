import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
  type TemporaryDatabase,
} from '../../src/infrastructure/sql/testing/temporary-postgres.js'
import { HAS_REDIS_SERVER, OwnRedis } from '../../src/infrastructure/redis/testing/own-redis.js'
import { ProxyProcess } from '../support/proxy-process.js'
import { SlowUpstream } from '../support/slow-upstream.js'

const WORDS = Array.from({ length: 60 }, (_, index) => `word${index} `)
const ANSWER = WORDS.join('')

/** Two processes of the proxy behind one address, as far as a caller can tell. */
describe.skipIf(!TEST_DATABASE_URL || !HAS_REDIS_SERVER)(
  'two instances (needs TEST_DATABASE_URL and redis-server)',
  () => {
    let database: TemporaryDatabase
    let redis: OwnRedis
    let upstream: SlowUpstream
    let instances: ProxyProcess[]
    let token: string
    let conversation: string

    beforeEach(async () => {
      database = await createTemporaryDatabase()
      redis = await OwnRedis.start()
      upstream = await SlowUpstream.open(WORDS, 25)
      const model = { LLM_BASE_URL: upstream.url, LLM_API_KEY: 'sk-none', LLM_MODEL: 'slow' }
      const env = { ...model, DATABASE_URL: database.url, REDIS_URL: redis.url }
      instances = [await ProxyProcess.start(env), await ProxyProcess.start(env)]
      token = field(await ask(0, '/api/v1/chat/start', {}), 'token')
      conversation = field(await ask(0, '/api/v1/conversations', {}), 'id')
    })
    afterEach(async () => {
      await Promise.all(instances.map((instance) => instance.kill()))
      await upstream.close()
      await redis.remove()
      await database.drop()
    })

    const call = (instance: number, path: string, body?: object, accept = 'application/json') =>
      fetch(`http://127.0.0.1:${instances[instance]?.port}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept },
        body: body ? JSON.stringify(body) : null,
      })
    const ask = async (instance: number, path: string, body?: object): Promise<unknown> => {
      const response = await call(instance, path, body)
      expect(response.status).toBeLessThan(300)
      return response.json()
    }
    /** Begins to answer on `instance`; resolves with its first bytes. */
    const send = async (instance: number, runId: string) => {
      const path = `/api/v1/conversations/${conversation}/messages`
      const response = await call(instance, path, { content: 'Count', run_id: runId }, 'text/event-stream')
      return readStream(response)
    }
    const follow = async (instance: number, runId: string, after = '') =>
      readStream(await call(instance, `/api/v1/runs/${runId}/events${after}`, undefined, 'text/event-stream'))

    test('one shows live what the other generates, word by word and whole', async () => {
      const runId = `run_${randomUUID()}`
      const here = await send(0, runId)
      const there = await follow(1, runId)
      await there.until(({ text }) => text.startsWith('word0 word1 '))
      expect(here.seen.status).toBe('')
      await Promise.all([here.done, there.done])
      expect(here.seen).toMatchObject({ text: ANSWER, status: 'completed' })
      expect(there.seen).toEqual(here.seen)
      expect(upstream.calls.get('Count')).toBe(1)
    })

    test('one question that reaches both at once is one generation, which both give whole', async () => {
      const runId = `run_${randomUUID()}`
      const readers = await Promise.all(Array.from({ length: 10 }, (_, index) => send(index % 2, runId)))
      await Promise.all(readers.map(({ done }) => done))
      for (const { seen } of readers) expect(seen).toMatchObject({ text: ANSWER, status: 'completed' })
      expect(upstream.calls.get('Count')).toBe(1)
    })

    test('one stops what the other generates', async () => {
      upstream.mostWords = 5
      const runId = `run_${randomUUID()}`
      const here = await send(0, runId)
      await here.until(({ text }) => text !== '')
      const stopped = await ask(1, `/api/v1/runs/${runId}/stop`, {})
      expect(JSON.stringify(stopped)).toContain('"stopped"')
      await here.done
      expect(here.seen.status).toBe('stopped')
      expect(ANSWER.startsWith(here.seen.text)).toBe(true)
    })

    test('one ends what the other was killed over, with every word that anybody saw', async () => {
      upstream.mostWords = 30
      const runId = `run_${randomUUID()}`
      const here = await send(0, runId)
      const there = await follow(1, runId)
      const isFarOn = ({ text }: { readonly text: string }): boolean => text.includes('word9 ')
      await Promise.all([here.until(isFarOn), there.until(isFarOn)])
      await instances[0]?.kill()
      await there.done
      expect(there.seen.status).toBe('interrupted')
      const resumed = await follow(1, runId, `?after=${runId}.${here.seen.seq}`)
      await resumed.done
      expect(here.seen.text + resumed.seen.text).toBe(there.seen.text)
      const stored = await ask(1, `/api/v1/runs/${runId}`)
      expect(JSON.stringify(stored)).toContain(JSON.stringify(there.seen.text))
    })

    test('an answer goes on without Redis, and is whole on both when Redis is back', async () => {
      const runId = `run_${randomUUID()}`
      const here = await send(0, runId)
      await here.until(({ text }) => text.includes('word3 '))
      await redis.kill()
      await here.done
      expect(here.seen).toMatchObject({ text: ANSWER, status: 'completed' })
      await redis.start()
      await expect
        .poll(async () => {
          const late = await follow(1, runId, `?after=${runId}.0`)
          await late.done
          return late.seen
        })
        .toMatchObject({ text: ANSWER, status: 'completed' })
    })
  },
)

function field(answer: unknown, name: string): string {
  // An answer of the contract is an object, and these of its fields are strings.
  return String((answer as Record<string, unknown>)[name])
}

interface Seen {
  text: string
  status: string
  seq: number
}

/** Reads an event stream of the default format all the time. */
function readStream(response: Response) {
  const seen: Seen = { text: '', status: '', seq: 0 }
  const waiting = new Set<() => void>()
  const done = (async () => {
    let rest = ''
    for await (const chunk of response.body ?? []) {
      rest += Buffer.from(chunk).toString()
      const frames = rest.split('\n\n')
      rest = frames.pop() ?? ''
      for (const frame of frames) take(seen, frame)
      for (const wake of waiting) wake()
    }
    // A process that is killed tears its connections down.
  })().catch(() => {})
  const until = (condition: (seen: Seen) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!condition(seen)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { seen, done, until }
}

function take(seen: Seen, frame: string): void {
  const id = /^id: .*\.(\d+)$/m.exec(frame)?.[1]
  if (id) seen.seq = Number(id)
  const data = /^data: (.*)$/m.exec(frame)?.[1]
  if (!data || data === '[DONE]') return
  const { choices, colloquy } = JSON.parse(data)
  seen.text += choices?.[0]?.delta?.content ?? ''
  if (colloquy?.resync) seen.text = colloquy.resync.content ?? seen.text
  if (colloquy?.status && colloquy.status !== 'streaming') seen.status = colloquy.status
}
