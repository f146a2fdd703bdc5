import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering, USAGE } from '../../application/testing/scripted-model.js'
import { METRICS_TOKEN } from '../../application/testing/test-world.js'
import { ModelError } from '../../domain/model-error.js'
import { NO_LIMITS } from '../../domain/limits.js'
import { routeTable } from './routes.js'
import { expectError } from './testing/expect-error.js'
import { ByteReader, createHttpWorld, type HttpWorld } from './testing/http-world.js'
import { nameOf } from './testing/route-samples.js'

let world: HttpWorld
const open = async (options?: Parameters<typeof createHttpWorld>[0]): Promise<void> => {
  world = await createHttpWorld(options)
}
beforeEach(() => open())
afterEach(() => world.close())

/** Every series that is there, by its name and labels as they are written. */
async function series(): Promise<ReadonlyMap<string, number>> {
  const answer = await world.call('/metrics', { token: METRICS_TOKEN })
  expect(answer.status).toBe(200)
  return new Map(
    answer.text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const space = line.lastIndexOf(' ')
        return [line.slice(0, space).replace(/^colloquy_/, ''), Number(line.slice(space + 1))]
      }),
  )
}

const send = (runId: string, content = 'Hello?') =>
  world.call('/api/v1/conversations/c_00001/messages', { method: 'POST', body: { content, run_id: runId } })

describe('/metrics', () => {
  test('is for whoever has the token', async () => {
    expectError(await world.call('/metrics', { token: null }), 'AuthenticationError')
    expectError(await world.call('/metrics', { token: `${METRICS_TOKEN}x` }), 'AuthenticationError')
    expectError(await world.call('/metrics'), 'AuthenticationError')
    const answer = await world.call('/metrics', { token: METRICS_TOKEN })
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
  })

  test('tells what an answer took, used and cost', async () => {
    await world.conversation()
    world.model.script = answering('Hel', 'lo.')
    expect((await send('run_01')).status).toBe(200)
    expect((await send('run_01')).status).toBe(200)
    const found = await series()
    const one = (name: string) => expect([name, found.get(name)]).toEqual([name, 1])
    one('questions_total{outcome="admitted"}')
    one('questions_total{outcome="repeated"}')
    one('runs_ended_total{tenant="default",status="completed",error="none"}')
    one('run_duration_seconds_count{status="completed"}')
    one('first_token_seconds_count{model="scripted-1"}')
    one('queue_wait_seconds_count{tier="free"}')
    expect(found.get('runs_running')).toBe(0)
    expect(
      found.get('http_requests_total{method="POST",route="/api/v1/conversations/:id/messages",status="2xx"}'),
    ).toBe(2)
  })

  test('tells of calls of providers what they told', async () => {
    await world.conversation()
    world.model.script = (call) => {
      const { clock } = world
      const attempt = { provider: 'scripted', model: 'scripted-1', startedAt: clock.now(), status: 200 }
      call.say('Hello.')
      call.attempt({ ...attempt, outcome: 'completed', usage: USAGE, endedAt: clock.now() + 2_000 })
      call.end('stop', USAGE)
    }
    await send('run_01')
    const found = await series()
    const of = 'provider="scripted",model="scripted-1"'
    expect(found.get(`upstream_calls_total{${of},outcome="completed"}`)).toBe(1)
    expect(found.get(`upstream_call_duration_seconds_sum{${of}}`)).toBe(2)
    expect(found.get(`upstream_first_token_seconds_count{${of}}`)).toBe(1)
    expect(found.get(`tokens_total{${of},kind="prompt"}`)).toBe(USAGE.prompt_tokens)
    expect(found.get(`tokens_total{${of},kind="completion"}`)).toBe(USAGE.completion_tokens)
    // Three tokens at one dollar and two at two dollars a million.
    expect(found.get(`cost_usd_total{${of}}`)).toBeCloseTo(7e-6)
  })

  test('tells of answers that failed, and why', async () => {
    await world.conversation()
    world.model.script = (call) => call.fail(new ModelError('timeout-first-token', 'silent'))
    await send('run_01')
    expect(
      (await series()).get(
        'runs_ended_total{tenant="default",status="failed",error="upstream_timeout_first_token"}',
      ),
    ).toBe(1)
  })

  test('tells of limits that were met, and of refusals', async () => {
    await world.close()
    const limits = { ...NO_LIMITS, messagesPerMinute: { user: 1, ip: null, tenant: null } }
    await open({ tenant: { limits } })
    await world.conversation()
    world.model.script = answering('Hello.')
    await send('run_01')
    expect((await send('run_02')).status).toBe(429)
    await world.call('/api/v1/conversations/c_none01')
    const found = await series()
    expect(found.get('limits_hit_total{limit="messages_per_minute",scope="user"}')).toBe(1)
    expect(found.get('refusals_total{code="rate-limited"}')).toBe(1)
    expect(found.get('refusals_total{code="conversation-not-found"}')).toBe(1)
  })

  test('tells of streams that went on, and of those that needed a snapshot', async () => {
    await world.conversation()
    world.model.script = answering('Hello.')
    await send('run_01')
    for (const cursor of ['run_01.3', 'run_01.999']) {
      const response = await world.open(`/api/v1/runs/run_01/events?after=${cursor}`)
      await new ByteReader(response).end()
    }
    const found = await series()
    expect(found.get('streams_total{outcome="resumed"}')).toBe(2)
    expect(found.get('streams_total{outcome="resynced"}')).toBe(1)
  })

  test('makes no series of what callers write', async () => {
    for (let i = 0; i < 50; i += 1) {
      await world.call(`/nowhere/${i}?x=${i}`, { headers: { 'x-tenant-id': `t${i}` } })
      await world.call(`/api/v1/conversations/c_made_up_${i}`, {
        headers: { origin: `https://${i}.example` },
      })
    }
    const routes = new Set(['unknown', ...routeTable(world.useCases).map(({ path }) => path)])
    for (const name of (await series()).keys()) {
      const route = /route="([^"]*)"/.exec(name)?.[1]
      if (route !== undefined) expect(routes).toContain(route)
      expect(name).not.toMatch(/made_up|nowhere|\.example/)
    }
    expect(routeTable(world.useCases).map(nameOf)).toContain('GET /metrics')
  })
})
