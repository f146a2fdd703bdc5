import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering, USAGE } from '../../application/testing/scripted-model.js'
import { ModelError } from '../../domain/model-error.js'
import { expectError } from './testing/expect-error.js'
import { createHttpWorld, type Call, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
beforeEach(async () => {
  world = await createHttpWorld()
  world.model.script = answering('Hel', 'lo.')
})
afterEach(() => world.close())

const CONVERSATIONS = '/api/v1/conversations'
const DAY = 24 * 3_600_000
const post = (path: string, body?: unknown, call: Call = {}) =>
  world.call(path, { method: 'POST', body, ...call })
const remove = (id: string) => world.call(`${CONVERSATIONS}/${id}`, { method: 'DELETE' })
const idsIn = (json: Record<string, unknown>) =>
  (json['conversations'] as { id: string }[]).map(({ id }) => id)

describe('one question, one answer', () => {
  test('opens a conversation that goes on under its id', async () => {
    const answer = await post('/api/v1/chat', { message: 'What are your hours?' })
    expect(answer.status).toBe(200)
    const first = answer.json()
    expect(first).toEqual({
      conversation_id: expect.stringMatching(/^c_/),
      message_id: expect.stringMatching(/^m_/),
      response: 'Hello.',
      citations: [],
      suggestions: [],
      usage: USAGE,
      model: 'scripted-1',
    })
    const conversation_id = String(first['conversation_id'])
    const second = (await post('/api/v1/chat', { message: 'And on Sunday?', conversation_id })).json()
    expect(second['conversation_id']).toBe(conversation_id)
    const { messages, title } = (await world.call(`${CONVERSATIONS}/${conversation_id}`)).json()
    expect(title).toBe('What are your hours?')
    expect(messages).toHaveLength(4)
    expect(world.model.calls.at(-1)?.request.messages.map(({ content }) => content)).toEqual([
      'Be brief.',
      'What are your hours?',
      'Hello.',
      'And on Sunday?',
    ])
  })

  test('is asked once under one Idempotency-Key, however often it is sent', async () => {
    const send = () =>
      post('/api/v1/chat', { message: 'Hello?' }, { headers: { 'idempotency-key': 'run_once' } })
    const answers = await Promise.all(Array.from({ length: 10 }, send))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]?.json()).toMatchObject({ response: 'Hello.' })
    expect(world.model.calls).toHaveLength(1)
    expect((await world.call(CONVERSATIONS)).json()).toMatchObject({ total: 1 })
  })

  test('says with the status what kept the answer from being one', async () => {
    world.model.script = (call) => call.fail(new ModelError('timeout-first-token', 'slow'))
    expectError(await post('/api/v1/chat', { message: 'Hello?' }), 'UpstreamTimeoutError')
    world.model.script = (call) => call.fail(new ModelError('unavailable', 'away'))
    expectError(await post('/api/v1/chat', { message: 'Hello?' }), 'ServiceUnavailableError')
  })

  test('refuses what is no question, and stores nothing then', async () => {
    const before = await world.storedRows()
    for (const body of [{ message: '  ' }, {}, { message: 'x'.repeat(8001) }])
      expect((await post('/api/v1/chat', body)).status).toBeGreaterThanOrEqual(400)
    expectError(
      await post('/api/v1/chat', { message: 'Hello?', conversation_id: 'c_unknown' }),
      'NotFoundError',
    )
    expect(await world.storedRows()).toBe(before)
  })
})

test('history is every question with its answer, the conversation used last first', async () => {
  const ask = async (message: string, conversation_id?: string) => {
    world.clock.advance(1000)
    return String((await post('/api/v1/chat', { message, conversation_id })).json()['conversation_id'])
  }
  const first = await ask('One')
  const second = await ask('Two')
  await ask('Three', first)
  const page = (await world.call('/api/v1/chat/history?page_size=2')).json()
  expect(page).toMatchObject({ total: 3, page: 1, page_size: 2 })
  expect(page['exchanges']).toMatchObject([
    {
      conversation_id: first,
      title: 'One',
      user_message: { content: 'Three' },
      message: { content: 'Hello.' },
    },
    {
      conversation_id: first,
      user_message: { content: 'One' },
      message: { role: 'assistant', usage: USAGE },
    },
  ])
  const rest = (await world.call('/api/v1/chat/history?page_size=2&page=2')).json()
  expect(rest['exchanges']).toMatchObject([{ conversation_id: second, user_message: { content: 'Two' } }])
  expect((await world.call('/api/v1/chat/history', { token: await world.tokenOf('v_bob') })).json()).toEqual({
    exchanges: [],
    total: 0,
    page: 1,
    page_size: 20,
  })
})

describe('a deleted conversation', () => {
  test('comes back whole, and restoring it again changes nothing', async () => {
    const id = await world.conversation()
    await world.answered('Hello?', [], { runId: 'run_01' })
    const before = (await world.call(`${CONVERSATIONS}/${id}`)).json()
    expect((await remove(id)).status).toBe(204)
    expectError(await world.call(`${CONVERSATIONS}/${id}`), 'NotFoundError')
    for (const _ of [1, 2]) {
      const restored = await post(`${CONVERSATIONS}/${id}/restore`)
      expect([restored.status, restored.json()]).toMatchObject([200, { id, title: before['title'] }])
    }
    expect((await world.call(`${CONVERSATIONS}/${id}`)).json()).toEqual(before)
  })

  test('cannot be restored after its time, nor by anybody else', async () => {
    const id = await world.conversation()
    await remove(id)
    const token = await world.tokenOf('v_bob')
    expectError(await post(`${CONVERSATIONS}/${id}/restore`, undefined, { token }), 'NotFoundError')
    world.clock.advance(90 * DAY)
    const late = { token: await world.tokenOf('v_alice') }
    expectError(await post(`${CONVERSATIONS}/${id}/restore`, undefined, late), 'NotFoundError')
  })
})

describe('feedback', () => {
  test('stands with the answer; the last one wins', async () => {
    await world.conversation()
    const { messageId } = await world.answered('Hello?', [], { runId: 'run_01' })
    const rate = (body: unknown) => post(`/api/v1/messages/${messageId}/feedback`, body)
    expect((await rate({ rating: 'up' })).json()).toMatchObject({
      id: messageId,
      feedback: { rating: 'up', comment: null, created_at: '2026-01-01T00:00:00.000Z' },
    })
    await rate({ rating: 'down', comment: ' Wrong hours. ' })
    expect((await world.call(`${CONVERSATIONS}/c_00001`)).json()).toMatchObject({
      messages: [{ feedback: null }, { feedback: { rating: 'down', comment: 'Wrong hours.' } }],
    })
  })

  test('is for answers alone, in words of a length', async () => {
    await world.conversation()
    const { messageId, userMessageId } = await world.answered('Hello?', [], { runId: 'run_01' })
    const rate = (id: string, body: unknown) => post(`/api/v1/messages/${id}/feedback`, body)
    expectError(await rate(userMessageId, { rating: 'up' }), 'BadRequestError')
    expectError(await rate(messageId, { rating: 'meh' }), 'BadRequestError')
    expectError(await rate(messageId, { rating: 'up', comment: 'x'.repeat(2001) }), 'BadRequestError')
    expectError(await rate('m_unknown', { rating: 'up' }), 'NotFoundError')
  })
})

describe('search', () => {
  test('finds one’s own conversations by title and by what was said', async () => {
    await post(CONVERSATIONS, { id: 'c_title1', title: 'Lieferung nach Zürich' })
    world.clock.advance(1000)
    await world.conversation('c_said01')
    await world.answered('Liefert ihr nach ZÜRICH?', [], { runId: 'run_01', conversationId: 'c_said01' })
    const token = await world.tokenOf('v_bob')
    await post(CONVERSATIONS, { title: 'Zürich' }, { token })
    const search = async (query: string) =>
      (await world.call(`${CONVERSATIONS}?query=${encodeURIComponent(query)}`)).json()
    expect(idsIn(await search('zürich'))).toEqual(['c_said01', 'c_title1'])
    expect(idsIn(await search('nach lieferung'))).toEqual(['c_title1'])
    expect(await search('Basel')).toMatchObject({ conversations: [], total: 0 })
    expect(await search('   ')).toMatchObject({ total: 2 })
    expectError(await world.call(`${CONVERSATIONS}?query=${'x'.repeat(201)}`), 'BadRequestError')
  })
})
