import { afterEach, describe, expect, test } from 'vitest'
import { limitsOf, NO_LIMITS } from '../../domain/limits.js'
import { answering } from '../../application/testing/scripted-model.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'
import { routeTable } from './routes.js'
import type { TrustProxy } from './routing/client-network.js'

let world: HttpWorld
afterEach(() => world.close())

const build = async (trustProxy?: TrustProxy, ip: number | null = null): Promise<void> => {
  const limits = { ...NO_LIMITS, messagesPerMinute: { user: 2, ip, tenant: null } }
  world = await createHttpWorld({ tenant: { limits }, ...(trustProxy && { trustProxy }) })
  world.model.script = answering('Yes.')
  await world.conversation()
}
const send = (headers: Record<string, string> = {}, token?: string) =>
  world.call('/api/v1/conversations/c_00001/messages', {
    method: 'POST',
    body: { content: 'Hello?' },
    headers,
    ...(token && { token }),
  })

describe('a limit that is reached', () => {
  test('is answered with 429, the limit, and when to come back', async () => {
    await build()
    await send()
    await send()
    const refused = await send()
    expect(refused.status).toBe(429)
    expect(refused.headers['retry-after']).toBe('30')
    expect(refused.json()).toMatchObject({
      type: 'RateLimitError',
      retry_after: 30,
      limit: {
        name: 'messages_per_minute',
        scope: 'user',
        max: 2,
        used: 2,
        remaining: 0,
        resets_at: new Date(world.clock.now() + 60_000).toISOString(),
      },
    })
  })

  test('is answered in the shape of OpenAI under /v1', async () => {
    await build()
    const body = { model: 'scripted-1', messages: [{ role: 'user', content: 'Hello?' }] }
    const complete = () => world.call('/v1/chat/completions', { method: 'POST', body })
    expect([(await complete()).status, (await complete()).status]).toEqual([200, 200])
    const refused = await complete()
    expect(refused.status).toBe(429)
    expect(refused.headers['retry-after']).toBe('30')
    expect(refused.headers).toMatchObject({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1m0s',
    })
    const message = expect.stringContaining('(messages_per_minute of the user: max 2, remaining 0)')
    expect(refused.json()).toMatchObject({
      error: { code: 'rate_limit_exceeded', type: 'requests', message },
    })
  })
})

test('a page of another origin may read every header that says when to come back', async () => {
  await build()
  const headers = { origin: 'http://localhost:5173' }
  const body = { model: 'scripted-1', messages: [{ role: 'user', content: 'Hello?' }] }
  const complete = () => world.call('/v1/chat/completions', { method: 'POST', body, headers })
  await complete()
  await complete()
  const refused = await complete()
  expect(refused.status).toBe(429)
  expect(refused.headers['access-control-allow-origin']).toBe('http://localhost:5173')
  const exposed = String(refused.headers['access-control-expose-headers']).toLowerCase().split(', ')
  const telling = Object.keys(refused.headers).filter((name) => /^(retry-after|x-ratelimit-.*)$/.test(name))
  expect(telling).toHaveLength(4)
  expect(exposed).toEqual(expect.arrayContaining(telling))
})

describe('the address of a caller', () => {
  /** Each time somebody else, who claims to be elsewhere. */
  const spray = async (): Promise<number[]> => {
    const statuses: number[] = []
    for (const person of [1, 2, 3]) {
      const token = await world.tokenOf(`v_${person}`)
      const caller = {
        tenantId: 'default',
        subject: `v_${person}`,
        kind: 'visitor',
        role: 'visitor',
      } as const
      await world.useCases.createConversation.execute(caller, { id: `c_of_${person}` })
      const { status } = await world.call(`/api/v1/conversations/c_of_${person}/messages`, {
        method: 'POST',
        body: { content: 'Hello?' },
        headers: { 'x-forwarded-for': `198.51.100.${person}` },
        token,
      })
      statuses.push(status)
    }
    return statuses
  }

  test('cannot be forged', async () => {
    await build(undefined, 2)
    expect(await spray()).toEqual([200, 200, 429])
  })

  test('is told by a proxy in front, if that is believed', async () => {
    await build({ kind: 'hops', hops: 1 }, 2)
    expect(await spray()).toEqual([200, 200, 200])
  })
})

test('chats are started so many times a minute from one address', async () => {
  const limits = { ...limitsOf('free'), sessionsPerMinute: { ip: 3, tenant: null } }
  world = await createHttpWorld({ tenant: { limits } })
  const start = async () => (await world.call('/api/v1/chat/start', { method: 'POST', token: null })).status
  expect([await start(), await start(), await start(), await start()]).toEqual([201, 201, 201, 429])
})

test('what counts the starts of chats is listed ahead of time', async () => {
  const limits = { ...limitsOf('free'), sessionsPerMinute: { ip: 3, tenant: null } }
  world = await createHttpWorld({ tenant: { limits } })
  await world.call('/api/v1/chat/start', { method: 'POST', token: null })
  const state = { name: 'sessions_per_minute', scope: 'ip', max: 3, used: 1, remaining: 2 }
  expect((await world.call('/api/v1/usage')).json()).toMatchObject({
    limits: expect.arrayContaining([expect.objectContaining(state)]),
  })
})

test('what the installation may spend is listed as a share', async () => {
  const installation = { tokensPerDay: null, moneyPerDay: 7_654_321, moneyPerMonth: null }
  const budget = { installation, limitAdmins: false, maxAnswerTokens: 100 }
  world = await createHttpWorld({ settings: { budget } })
  const answer = await world.call('/api/v1/usage')
  const state = { name: 'money_per_day', scope: 'installation', max: 1, used: 0, remaining: 1 }
  expect(answer.json()).toMatchObject({ limits: expect.arrayContaining([expect.objectContaining(state)]) })
  expect(answer.text).not.toContain('7654321')
})

describe('calls that read or change what is kept', () => {
  const buildFor = async (user: number): Promise<void> => {
    world = await createHttpWorld({
      tenant: { limits: { ...NO_LIMITS, requestsPerMinute: { user, ip: null } } },
    })
    world.model.script = answering('Yes.')
  }
  const create = () => world.call('/api/v1/conversations', { method: 'POST', body: {} })

  test('are limited by the minute, whichever they are, and leave nothing', async () => {
    await buildFor(2)
    expect([(await create()).status, (await create()).status]).toEqual([201, 201])
    const refused = await create()
    expect(refused.status).toBe(429)
    expect(refused.json()).toMatchObject({
      type: 'RateLimitError',
      retry_after: 30,
      limit: { name: 'requests_per_minute', scope: 'user', max: 2, used: 2, remaining: 0 },
    })
    expect((await world.call('/api/v1/conversations?query=anything')).status).toBe(429)
    expect((await world.call('/api/v1/me/export')).status).toBe(429)
    await world.clock.advanceAsync(30_000)
    const kept = await world.call('/api/v1/conversations')
    expect(kept.json()).toMatchObject({ total: 2 })
  })

  test('from one address are limited together', async () => {
    const limits = { ...NO_LIMITS, requestsPerMinute: { user: null, ip: 1 } }
    world = await createHttpWorld({ tenant: { limits } })
    const list = async (person: string) =>
      (await world.call('/api/v1/conversations', { token: await world.tokenOf(person) })).status
    expect([await list('v_bob'), await list('v_carol')]).toEqual([200, 429])
  })

  test('keep nobody from asking, from reading the answer, or from stopping it', async () => {
    await buildFor(1)
    await world.conversation()
    expect((await world.call('/api/v1/conversations')).status).toBe(200)
    expect((await world.call('/api/v1/conversations')).status).toBe(429)
    const body = { content: 'Hello?', run_id: 'run_001' }
    const answer = await world.call('/api/v1/conversations/c_00001/messages', { method: 'POST', body })
    expect(answer.status).toBe(200)
    expect((await world.call('/api/v1/runs/run_001')).status).toBe(200)
    expect((await world.call('/api/v1/runs/run_001/stop', { method: 'POST' })).status).toBe(200)
  })

  test('are listed with the other limits', async () => {
    await buildFor(5)
    await create()
    const state = { name: 'requests_per_minute', scope: 'user', max: 5, used: 1, remaining: 4 }
    expect((await world.call('/api/v1/usage')).json()).toMatchObject({ limits: [state] })
  })

  test('are all but those that ask, read or stop an answer, or tell of limits and models', async () => {
    await buildFor(1)
    const free = routeTable(world.useCases)
      .filter((route) => typeof route.access !== 'string' && !('isCounted' in route))
      .map(({ method, path }) => `${method} ${path}`)
    expect(free.toSorted()).toEqual([
      'GET /api/v1/runs/:id',
      'GET /api/v1/runs/:id/events',
      'GET /api/v1/ui/chat/:id/stream',
      'GET /api/v1/usage',
      'GET /v1/models',
      'POST /api/v1/chat',
      'POST /api/v1/conversations/:id/messages',
      'POST /api/v1/runs/:id/stop',
      'POST /api/v1/ui/chat',
      'POST /v1/chat/completions',
      'PUT /api/v1/conversations/:id',
    ])
  })
})
