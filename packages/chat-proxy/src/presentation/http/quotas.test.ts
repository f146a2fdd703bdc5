import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DomainError } from '../../domain/errors.js'
import { ModelError } from '../../domain/model-error.js'
import { answering, USAGE } from '../../application/testing/scripted-model.js'
import { limitsOf, type Limits } from '../../domain/limits.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
let token: string
const build = async (limits: Partial<Limits>, timeZone = 'UTC'): Promise<void> => {
  world = await createHttpWorld({ tenant: { limits: { ...limitsOf('free'), ...limits }, timeZone } })
  world.model.script = answering('Hi.')
  token = world.token
}
beforeEach(() => build({ messagesPerDay: { user: 2 } }))
afterEach(() => world.close())

const json = { accept: 'application/json' }
let asked = 0
const ask = async (runId = `run_${(asked += 1)}_limits`) => {
  const { id } = (await world.call('/api/v1/conversations', { method: 'POST', body: {}, token })).json()
  const path = `/api/v1/conversations/${String(id)}/messages`
  return world.call(path, {
    method: 'POST',
    headers: json,
    body: { content: 'Hello?', run_id: runId },
    token,
  })
}
const complete = () =>
  world.call('/v1/chat/completions', {
    method: 'POST',
    body: { model: 'scripted-1', messages: [{ role: 'user', content: 'Hello?' }] },
  })
const usage = async (): Promise<Record<string, unknown>[]> => {
  const answer = await world.call('/api/v1/usage')
  expect(answer.status).toBe(200)
  // Those of a minute, and of answers at once, have tests of their own. The shape is what the tests below compare.
  return (answer.json()['limits'] as Record<string, unknown>[]).filter(
    ({ name }) => !/minute$|^runs_at_once$/.test(String(name)),
  )
}

describe('messages a day', () => {
  test('are admitted up to the limit, and the refusal says which one, what is left, and when to come back', async () => {
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    const refused = await ask()
    expect(refused.status).toBe(429)
    expect(refused.json()).toMatchObject({
      error: 'The limit is used up',
      type: 'QuotaExceededError',
      retry_after: 86_400,
      limit: {
        name: 'messages_per_day',
        scope: 'user',
        max: 2,
        used: 2,
        remaining: 0,
        resets_at: '2026-01-02T00:00:00.000Z',
      },
    })
    expect(refused.headers['retry-after']).toBe('86400')
    expect(world.model.calls).toHaveLength(2)
  })

  test('leave nothing behind of a question beyond them that would have opened a conversation', async () => {
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    const before = await world.storedRows()
    for (const [path, body] of [
      ['/api/v1/chat', { message: 'Hello?' }],
      ['/api/v1/conversations', { first_message: 'Hello?' }],
      [
        '/api/v1/ui/chat',
        {
          id: 'chat_beyond',
          message: { id: 'msg_beyond', role: 'user', parts: [{ type: 'text', text: 'Hello?' }] },
        },
      ],
    ] as const) {
      const refused = await world.call(path, { method: 'POST', body, token })
      expect([path, refused.status]).toEqual([path, 429])
      expect(refused.json()).toMatchObject({ limit: { name: 'messages_per_day', remaining: 0 } })
    }
    expect(await world.storedRows()).toBe(before)
  })

  test('let through as many of parallel questions as there are left, and open a conversation for those alone', async () => {
    const ask = (path: string, body: object) => world.call(path, { method: 'POST', body, token })
    const uiChat = (index: number) => ({
      id: `chat_${index}`,
      message: { id: `msg_${index}_beyond`, role: 'user', parts: [{ type: 'text', text: 'Hello?' }] },
    })
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => [
        ask('/api/v1/chat', { message: 'Hello?' }),
        ask('/api/v1/conversations', { first_message: 'Hello?' }),
        ask('/api/v1/ui/chat', uiChat(index)),
      ]).flat(),
    )
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(16)
    const { total } = (await world.call('/api/v1/conversations', { token })).json()
    expect(total).toBe(2)
  })

  test('are told ahead of time', async () => {
    expect(await usage()).toEqual([
      {
        name: 'messages_per_day',
        scope: 'user',
        max: 2,
        used: 0,
        remaining: 2,
        resets_at: '2026-01-02T00:00:00.000Z',
      },
    ])
    await ask()
    expect(await usage()).toMatchObject([{ used: 1, remaining: 1 }])
  })

  test('begin anew at midnight', async () => {
    await ask()
    await ask()
    await world.clock.advanceAsync(86_400_000)
    token = await world.tokenOf('v_alice')
    expect((await ask()).status).toBe(200)
  })

  test('begin anew at midnight of the tenant’s time zone', async () => {
    await world.close()
    // Where it is half past five in the morning.
    await build({ messagesPerDay: { user: 1 } }, 'Asia/Kolkata')
    expect((await ask()).status).toBe(200)
    const hour = 3_600_000
    expect((await ask()).json()).toMatchObject({
      retry_after: 18.5 * 3_600,
      limit: { resets_at: '2026-01-01T18:30:00.000Z' },
    })
    expect(await usage()).toMatchObject([{ used: 1, resets_at: '2026-01-01T18:30:00.000Z' }])
    world.clock.skip(18.5 * hour - 1)
    token = await world.tokenOf('v_alice')
    expect((await ask()).status).toBe(429)
    world.clock.skip(1)
    expect((await ask()).status).toBe(200)
  })

  test('do not count what produced nothing', async () => {
    world.model.script = (call) => call.fail(new ModelError('unavailable', 'refused'))
    await ask()
    expect(await usage()).toMatchObject([{ used: 0 }])
  })

  test('count the same question once, however often it is sent', async () => {
    const { id } = (await world.call('/api/v1/conversations', { method: 'POST', body: {} })).json()
    const again = () =>
      world.call(`/api/v1/conversations/${String(id)}/messages`, {
        method: 'POST',
        headers: json,
        body: { content: 'Hello?', run_id: 'run_same_1' },
      })
    for (let i = 0; i < 4; i += 1) expect((await again()).status).toBe(200)
    expect(await usage()).toMatchObject([{ used: 1 }])
  })

  test('are the same for OpenAI’s clients, and told in their words', async () => {
    expect((await complete()).status).toBe(200)
    expect((await complete()).status).toBe(200)
    const refused = await complete()
    expect(refused.status).toBe(429)
    expect(refused.json()).toMatchObject({
      error: { type: 'insufficient_quota', code: 'insufficient_quota' },
    })
    expect(world.model.calls).toHaveLength(2)
  })
})

describe('money a day', () => {
  // The question is estimated at some tokens, the answer set aside at its longest: 100 tokens of 2 millionths each.
  const budget = 500

  test('is set aside at its worst, and counted as it was', async () => {
    await world.close()
    await build({ moneyPerDay: { user: budget, tenant: null } })
    await ask()
    const money = (await usage()).find(({ name }) => name === 'money_per_day')
    expect(money).toMatchObject({ used: USAGE.prompt_tokens + 2 * USAGE.completion_tokens, max: budget })
    expect(world.model.calls[0]?.request.maxTokens).toBe(100)
  })

  test('is never passed, not even by answers that are under way at the same time', async () => {
    await world.close()
    await build({ moneyPerDay: { user: budget, tenant: null } })
    world.model.script = null
    const all = Array.from({ length: 6 }, () => ask())
    const call = await world.model.nextCall()
    const second = await world.model.nextCall()
    for (const each of [call, second])
      each.say('x'.repeat(40)).end('stop', { prompt_tokens: 20, completion_tokens: 100, total_tokens: 120 })
    const statuses = (await Promise.all(all))
      .map(({ status }) => status)
      .toSorted((left, right) => left - right)
    expect(statuses).toEqual([200, 200, 429, 429, 429, 429])
    const [state] = (await usage()).filter(({ name }) => name === 'money_per_day')
    expect(state).toMatchObject({ used: 440 })
  })

  test('of a completion is settled too, and nothing stays set aside', async () => {
    await world.close()
    await build({ moneyPerDay: { user: budget, tenant: null } })
    expect((await complete()).status).toBe(200)
    const rows = await world.database.kysely.selectFrom('ledger_reservations').selectAll().execute()
    expect(rows).toEqual([])
    expect((await usage()).find(({ name }) => name === 'money_per_day')).toMatchObject({ used: 7 })
  })

  test.each([
    ['for a moment, is counted when it is back', 20_000, { used: 7 }],
    ['for long, counts as what was sent, by its estimate', 60_000, { used: 21 }],
  ])('of a completion that ends while the database is away %s', async (_, away, counted) => {
    await world.close()
    let isAway = true
    const limits = { ...limitsOf('free'), moneyPerDay: { user: budget, tenant: null } }
    world = await createHttpWorld({
      tenant: { limits },
      replace: ({ ledger }) => ({
        ledger: {
          reserve: (...args) => ledger.reserve(...args),
          extend: (...args) => ledger.extend(...args),
          settle: (...args) =>
            isAway ? Promise.reject(new DomainError('store-unavailable', 'Away.')) : ledger.settle(...args),
          settleAbandoned: (now) => ledger.settleAbandoned(now),
          read: (...args) => ledger.read(...args),
        },
      }),
    })
    world.model.script = answering('Hi.')
    token = world.token
    expect((await complete()).status).toBe(200)
    await world.clock.advanceAsync(away)
    isAway = false
    await world.clock.advanceAsync(2_000)
    await world.useCases.settleAbandoned.execute()
    expect((await usage()).find(({ name }) => name === 'money_per_day')).toMatchObject(counted)
    expect(await world.database.kysely.selectFrom('ledger_reservations').selectAll().execute()).toEqual([])
  })
})

test.each([
  [{ moneyPerDay: { user: null, tenant: 734_567 } }, 'money_per_day'],
  [{ moneyPerMonth: { user: null, tenant: 734_567 } }, 'money_per_month'],
] as const)(
  'what a tenant may spend is nobody else’s business, whatever is refused: %j',
  async (limits, name) => {
    await world.close()
    await build(limits)
    const { kysely } = world.database
    expect((await ask()).status).toBe(200)
    await kysely
      .updateTable('ledger_counters')
      .set({ money: 734_500 })
      .where('scope', '=', 'tenant')
      .execute()
    for (const refused of [await ask(), await complete()]) {
      expect(refused.status).toBe(429)
      expect(refused.text).toContain(name)
      expect(refused.text).not.toMatch(/734/)
    }
  },
)

test.each([
  [false, 200],
  [true, 429],
])('an admin is held to limits where the operator says so: %s', async (limitAdmins, status) => {
  await world.close()
  const installation = { tokensPerDay: null, moneyPerDay: null, moneyPerMonth: null }
  world = await createHttpWorld({
    tenant: { limits: { ...limitsOf('free'), messagesPerDay: { user: 1 } } },
    settings: { budget: { installation, limitAdmins, maxAnswerTokens: 100 } },
  })
  world.model.script = answering('Hi.')
  const admin = { tenantId: 'default', subject: 'u_boss', kind: 'user', role: 'admin' } as const
  token = (await world.ports.tokens.issue(admin)).token
  expect((await ask()).status).toBe(200)
  expect((await ask()).status).toBe(status)
  const counted = await world.database.kysely.selectFrom('ledger_counters').select('messages').execute()
  // In any case what they ask is counted.
  expect(counted).toEqual([{ messages: limitAdmins ? 1 : 2 }])
})

test('the usage of somebody else is their own', async () => {
  await ask()
  const other = await world.call('/api/v1/usage', { token: await world.tokenOf('v_bob') })
  expect(other.json()).toMatchObject({
    limits: expect.arrayContaining([expect.objectContaining({ name: 'messages_per_day', used: 0 })]),
  })
})
