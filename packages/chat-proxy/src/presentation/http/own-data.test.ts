import type { DataExport } from '@colloquy/chat-core/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering, USAGE } from '../../application/testing/scripted-model.js'
import { DomainError } from '../../domain/errors.js'
import type { PersonalData } from '../../domain/ports/index.js'
import { expectError } from './testing/expect-error.js'
import { createHttpWorld, type HttpWorld, type HttpWorldOptions } from './testing/http-world.js'

let world: HttpWorld
const build = async (options: HttpWorldOptions = {}): Promise<void> => {
  world = await createHttpWorld(options)
  world.model.script = answering('Hel', 'lo.')
}
beforeEach(() => build())
afterEach(() => world.close())

const EXPORT = '/api/v1/me/export'
const CONVERSATIONS = '/api/v1/conversations'
const exported = async (token = world.token): Promise<DataExport> =>
  JSON.parse((await world.call(EXPORT, { token })).text) as DataExport
const erase = (token = world.token) => world.call('/api/v1/me', { method: 'DELETE', token })

describe('an export', () => {
  test('has everything, in order, however much it is', async () => {
    for (let i = 0; i < 103; i++) await world.conversation(`c_empty_${i}`)
    await world.conversation('c_long001')
    for (let i = 0; i < 52; i++)
      await world.answered(`Question ${i}`, [], { runId: `run_000${i}`, conversationId: 'c_long001' })
    await world.useCases.deleteConversation.execute(world.alice, 'c_empty_0')
    const answer = await world.call(EXPORT)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="conversations-2026-01-01.json"',
      'cache-control': 'no-store',
    })
    const data = JSON.parse(answer.text) as DataExport
    expect(data).toMatchObject({
      exported_at: '2026-01-01T00:00:00.000Z',
      tenant: 'default',
      subject: 'v_alice',
      usage: [{ span: 'day', messages: 52, tokens: 52 * USAGE.total_tokens }],
    })
    expect(data.conversations).toHaveLength(104)
    const byId = new Map(data.conversations.map((one) => [one.id, one]))
    expect(byId.get('c_empty_0')?.deleted_at).toBe('2026-01-01T00:00:00.000Z')
    const messages = byId.get('c_long001')?.messages ?? []
    expect(messages).toHaveLength(104)
    expect(messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual(
      Array.from({ length: 52 }, (_, i) => `Question ${i}`),
    )
    expect(messages[1]).toMatchObject({ content: 'Hello.', model: 'scripted-1', usage: USAGE })
  })

  test('is valid JSON with nothing in it, and holds nothing of others', async () => {
    await world.conversation()
    await world.answered('Hello?', [], { runId: 'run_01' })
    expect(await exported(await world.tokenOf('v_bob'))).toEqual({
      exported_at: '2026-01-01T00:00:00.000Z',
      tenant: 'default',
      subject: 'v_bob',
      usage: [],
      conversations: [],
    })
  })

  test('can be read by people', async () => {
    await world.useCases.createConversation.execute(world.alice, { id: 'c_00001', title: 'A *title*' })
    const { messageId } = await world.answered('# Not a heading?', [], { runId: 'run_01' })
    const rating = { messageId, rating: 'down', comment: 'Wrong' } as const
    await world.useCases.rateMessage.execute(world.alice, rating)
    const answer = await world.call(`${EXPORT}?format=markdown`)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/markdown; charset=utf-8',
      'content-disposition': 'attachment; filename="conversations-2026-01-01.md"',
    })
    expect(answer.text).toBe(
      [
        '# Conversations\n\nExported 2026-01-01 00:00 UTC\n',
        '## A \\*title\\*\n\nBegun 2026-01-01 00:00 UTC\n',
        '### You, 2026-01-01 00:00 UTC\n\n# Not a heading?\n',
        '### Answer of scripted-1, 2026-01-01 00:00 UTC\n\nHello.\n\n_Feedback: down, Wrong_\n',
      ].join('\n'),
    )
    expectError(await world.call(`${EXPORT}?format=xml`), 'BadRequestError')
  })

  test('that fails at once says so, and one that fails later breaks off', async () => {
    await world.close()
    const away = new DomainError('store-unavailable', 'away')
    let fails: 'use' | 'messages' = 'use'
    await build({
      replace: ({ personalData: real }) => ({
        personalData: new Proxy<PersonalData>(real, {
          get: (target, name: keyof PersonalData) =>
            name === fails ? () => Promise.reject(away) : target[name].bind(target),
        }),
      }),
    })
    await world.conversation()
    expectError(await world.call(EXPORT), 'ServiceUnavailableError')
    fails = 'messages'
    await expect(world.call(EXPORT)).rejects.toThrow(/aborted|hang up/)
  })
})

describe('being forgotten', () => {
  test('takes everything away at once, and from every table', async () => {
    await world.conversation()
    await world.answered('My secret', [], { runId: 'run_01' })
    expect((await erase()).status).toBe(204)
    expect((await world.call(CONVERSATIONS)).json()).toMatchObject({ total: 0 })
    expectError(await world.call('/api/v1/runs/run_01/events'), 'NotFoundError')
    expectError(await world.call(`${CONVERSATIONS}/c_00001/restore`, { method: 'POST' }), 'NotFoundError')
    expect((await exported()).conversations).toEqual([])
    const { kysely } = world.database
    for (const table of ['conversations', 'messages', 'runs'] as const)
      expect(await kysely.selectFrom(table).selectAll().execute()).toEqual([])
    const events = await kysely.selectFrom('events').selectAll().execute()
    expect(JSON.stringify(events)).not.toContain('v_alice')
    expect(events.map(({ type }) => type).slice(-3)).toEqual([
      'erasure.requested',
      'conversation.purged',
      'erasure.completed',
    ])
    expect(await world.ports.log.lastSeq({ tenantId: 'default', runId: 'run_01' })).toBeNull()
    expect((await erase()).status).toBe(204)
  })

  test('ends the visitor: their token opens nothing new, and a new session makes somebody else', async () => {
    await erase()
    const post = (path: string, body: unknown) => world.call(path, { method: 'POST', body })
    expectError(await post(CONVERSATIONS, {}), 'AuthenticationError')
    expectError(await post('/api/v1/chat', { message: 'Hello?' }), 'AuthenticationError')
    const completion = { model: 'scripted-1', messages: [{ role: 'user', content: 'Hello?' }] }
    expect((await post('/v1/chat/completions', completion)).status).toBe(401)
    expect(world.model.calls).toEqual([])
    const started = (await post('/api/v1/chat/start', {})).json()
    expect(started['visitor_id']).not.toBe('v_alice')
    const token = String(started['token'])
    expect((await world.call(CONVERSATIONS, { method: 'POST', body: {}, token })).status).toBe(201)
  })

  test('stops the answer that is being made, and nothing of it comes back', async () => {
    world.model.script = null
    await world.conversation()
    const ask = { conversationId: 'c_00001', content: 'My secret', runId: 'run_01' }
    await world.useCases.sendMessage.execute(world.alice, ask)
    const call = await world.model.nextCall()
    call.say('Half a secret')
    const erased = erase()
    await call.settled.catch(() => {})
    // The first look may have come before the end of the answer was stored.
    await world.clock.advanceAsync(2_500)
    expect((await erased).status).toBe(204)
    await world.useCases.purgeJob.execute()
    expect(await world.database.kysely.selectFrom('messages').selectAll().execute()).toEqual([])
    expect(await world.ports.log.lastSeq({ tenantId: 'default', runId: 'run_01' })).toBeNull()
    expect(await world.database.kysely.selectFrom('erasures').select('subject').execute()).toEqual([
      { subject: null },
    ])
  })
})
