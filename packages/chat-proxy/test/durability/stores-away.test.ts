import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HAS_REDIS_SERVER, OwnRedis } from '../../src/infrastructure/redis/testing/own-redis.js'
import { HAS_OWN_POSTGRES, OwnPostgres } from '../../src/infrastructure/sql/testing/own-postgres.js'
import { ProxyProcess } from '../support/proxy-process.js'
import { SlowUpstream } from '../support/slow-upstream.js'
import { newVisitor } from '../support/visitor.js'

const WORDS = Array.from({ length: 40 }, (_, index) => `word${index} `)
const ANSWER = WORDS.join('')

/** How a store goes away, and how it comes back. */
const WAYS = [
  ['killed', (store: Store) => store.kill(), (store: Store) => store.start()],
  ['frozen', async (store: Store) => store.pause(), async (store: Store) => store.resume()],
] as const
type Store = OwnPostgres | OwnRedis

describe.skipIf(!HAS_OWN_POSTGRES || !HAS_REDIS_SERVER)(
  'a proxy whose stores go away (needs both servers)',
  () => {
    let postgres: OwnPostgres
    let redis: OwnRedis
    let upstream: SlowUpstream
    let proxy: ProxyProcess
    let token: string

    beforeEach(async () => {
      ;[postgres, redis, upstream] = await Promise.all([
        OwnPostgres.start(),
        OwnRedis.start(),
        SlowUpstream.open(WORDS, 25),
      ])
      const model = { LLM_BASE_URL: upstream.url, LLM_API_KEY: 'sk-none', LLM_MODEL: 'slow' }
      const limits = { MESSAGES_PER_MINUTE: '10', INSTANCES: '2' }
      proxy = await ProxyProcess.start({
        ...model,
        ...limits,
        DATABASE_URL: postgres.url,
        REDIS_URL: redis.url,
      })
      token = await newVisitor(`http://127.0.0.1:${proxy.port}`)
    })
    afterEach(async () => {
      postgres.resume()
      redis.resume()
      await proxy.kill()
      await upstream.close()
      await Promise.all([postgres.remove(), redis.remove()])
    })

    const call = (path: string, body?: object, accept = 'application/json') =>
      fetch(`http://127.0.0.1:${proxy.port}/api/v1${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept },
        body: body ? JSON.stringify(body) : null,
        // A hang is a failure here: whoever waits for a statement to time out waits longer.
        signal: AbortSignal.timeout(14_000),
      })
    const field = async (path: string, name: string): Promise<unknown> => {
      const answer = await call(path, {})
      expect(answer.status).toBe(201)
      // An answer of the contract is an object.
      return ((await answer.json()) as Record<string, unknown>)[name]
    }
    const conversation = async (): Promise<string> => String(await field('/conversations', 'id'))
    const send = (id: string, runId: string) =>
      call(`/conversations/${id}/messages`, { content: runId, run_id: runId }, 'text/event-stream')
    const stored = async (runId: string) => {
      const answer = await call(`/runs/${runId}?wait=4`)
      // As above.
      return answer.status === 200
        ? ((await answer.json()) as Record<string, unknown>)
        : { status: answer.status }
    }

    test.each(WAYS)(
      'a database that is %s is 503 soon, what was acknowledged is there when it is back, without a restart',
      async (_, away, back) => {
        const id = await conversation()
        const runId = `run_${randomUUID()}`
        const first = await send(id, runId)
        expect(first.status).toBe(200)
        await expect.poll(() => upstream.calls.get(runId)).toBe(1)
        await away(postgres)
        const refusals = await Promise.all(Array.from({ length: 4 }, () => send(id, `run_${randomUUID()}`)))
        for (const refused of refusals) {
          expect(refused.status).toBe(503)
          expect(refused.headers.get('retry-after')).toBe('1')
          expect(await refused.json()).toMatchObject({ type: 'ServiceUnavailableError', retry_after: 1 })
        }
        await back(postgres)
        await expect.poll(async () => (await call('/conversations')).status).toBe(200)
        await expect
          .poll(() => stored(runId))
          .toMatchObject({ message: { content: ANSWER }, status: expect.stringMatching(/completed|failed/) })
        await first.text()
        const again = `run_${randomUUID()}`
        // A machine that has just started a server may be too busy for another second; whoever is told so sends again.
        const sentAgain = async (): Promise<number> => {
          const answer = await send(id, again)
          await answer.text()
          return answer.status
        }
        await expect.poll(sentAgain).toBe(200)
        expect(await stored(again)).toMatchObject({ status: 'completed', message: { content: ANSWER } })
      },
    )

    test.each(WAYS)(
      'without a Redis that is %s answers go on, and this process gives its part of the limit',
      async (_, away, back) => {
        const [running, after] = [`run_${randomUUID()}`, `run_${randomUUID()}`]
        const first = await send(await conversation(), running)
        // Who asks when Redis falls silent is left one question. On a busy machine that may have been the first.
        token = await newVisitor(`http://127.0.0.1:${proxy.port}`)
        const id = await conversation()
        await away(redis)
        const second = await send(id, after)
        expect([first.status, second.status]).toEqual([200, 200])
        for (const answer of [first, second]) expect(await answer.text()).toContain('"status":"completed"')
        expect(await stored(after)).toMatchObject({ status: 'completed', message: { content: ANSWER } })
        token = await newVisitor(`http://127.0.0.1:${proxy.port}`)
        const another = await conversation()
        const began = performance.now()
        const statuses: number[] = []
        for (let index = 0; index < 12; index += 1) {
          const answer = await send(another, `run_${randomUUID()}`)
          statuses.push(answer.status)
          await answer.body?.cancel()
        }
        // Half of ten a minute; what comes back meanwhile is one every twelve seconds.
        const refilled = Math.ceil((performance.now() - began) / 12_000)
        const passed = statuses.filter((status) => status === 200).length
        expect(passed).toBeGreaterThanOrEqual(5)
        expect(passed).toBeLessThanOrEqual(5 + refilled)
        await back(redis)
        const ready = async () => (await fetch(`http://127.0.0.1:${proxy.port}/readyz`)).json()
        await expect.poll(ready).toMatchObject({ dependencies: { redis: 'ok' } })
        token = await newVisitor(`http://127.0.0.1:${proxy.port}`)
        const third = await send(await conversation(), `run_${randomUUID()}`)
        expect(await third.text()).toContain('"status":"completed"')
      },
    )
  },
)
