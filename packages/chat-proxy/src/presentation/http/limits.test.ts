import { afterEach, describe, expect, test } from 'vitest'
import { limitsOf, NO_LIMITS } from '../../domain/limits.js'
import { answering } from '../../application/testing/scripted-model.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'
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
