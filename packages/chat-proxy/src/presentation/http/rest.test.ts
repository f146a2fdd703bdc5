import type { CreateConversationResponse } from '@colloquy/chat-core/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering, USAGE } from '../../application/testing/scripted-model.js'
import { expectError } from './testing/expect-error.js'
import { createHttpWorld, type Call, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
const build = async (...options: Parameters<typeof createHttpWorld>): Promise<void> => {
  world = await createHttpWorld(...options)
  world.model.script = answering('Hel', 'lo.')
}
beforeEach(() => build())
afterEach(() => world.close())

const CONVERSATIONS = '/api/v1/conversations'
const post = (path: string, body?: unknown, call: Call = {}) =>
  world.call(path, { method: 'POST', body, ...call })

describe('a session', () => {
  test('starts with everything a widget needs', async () => {
    const answer = await post('/api/v1/chat/start', undefined, { token: null })
    expect(answer.status).toBe(201)
    expect(answer.json()).toEqual({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expires_at: '2026-01-01T01:00:00.000Z',
      visitor_id: expect.stringMatching(/^v_/),
      tenant: 'default',
      greeting: 'Hi!',
      suggestions: ['What is this?'],
      features: { demo: false, chat: true },
      limits: { max_message_chars: 8000, heartbeat_seconds: 10 },
    })
  })

  test('is renewed for the same visitor', async () => {
    const first = (await post('/api/v1/chat/start', {}, { token: null })).json()
    const second = (await post('/api/v1/chat/start', {}, { token: String(first['token']) })).json()
    expect(second['visitor_id']).toBe(first['visitor_id'])
  })

  test('needs the key of the site where one is configured', async () => {
    await world.close()
    await build({ tenant: { publishableKeys: [{ key: 'pk_site', expiresAt: null }] } })
    expectError(await post('/api/v1/chat/start', {}, { token: null }), 'AuthenticationError')
    const headers = { 'x-colloquy-key': 'pk_site' }
    expect((await post('/api/v1/chat/start', {}, { token: null, headers })).status).toBe(201)
  })

  test('is refused to a foreign page, with a detail that names the remedy', async () => {
    const answer = await post(
      '/api/v1/chat/start',
      {},
      { token: null, headers: { origin: 'https://evil.example' } },
    )
    expectError(answer, 'PermissionError')
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining('ALLOWED_ORIGINS') })
  })

  test('cannot choose its tenant', async () => {
    expectError(await world.call(CONVERSATIONS, { headers: { 'x-tenant-id': 'acme' } }), 'PermissionError')
    expect((await world.call(CONVERSATIONS, { headers: { 'x-tenant-id': 'default' } })).status).toBe(200)
  })
})

describe('conversations', () => {
  test('are created, read, renamed, listed and deleted', async () => {
    const created = await post(CONVERSATIONS, { id: 'c_mine01', title: 'Mine' })
    expect(created.status).toBe(201)
    expect(created.json()).toEqual({
      id: 'c_mine01',
      title: 'Mine',
      mode: 'open',
      document_ids: [],
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
      messages: [],
    })
    expect((await post(CONVERSATIONS, { id: 'c_mine01', title: 'Mine' })).status).toBe(200)
    const change = { title: 'Ours', mode: 'rag', document_ids: ['doc_0001'] }
    const patched = await world.call(`${CONVERSATIONS}/c_mine01`, { method: 'PATCH', body: change })
    expect(patched.json()).toMatchObject({ id: 'c_mine01', ...change })
    const detail = await world.call(`${CONVERSATIONS}/c_mine01`)
    expect(detail.json()).toMatchObject({ title: 'Ours', messages: [], has_more: false, active_run: null })
    const list = await world.call(`${CONVERSATIONS}?page=1&page_size=5`)
    expect(list.json()).toMatchObject({
      total: 1,
      page: 1,
      page_size: 5,
      conversations: [{ id: 'c_mine01' }],
    })
    const deleted = await world.call(`${CONVERSATIONS}/c_mine01`, { method: 'DELETE' })
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expectError(await world.call(`${CONVERSATIONS}/c_mine01`), 'NotFoundError')
    expectError(await world.call(`${CONVERSATIONS}/c_mine01`, { method: 'DELETE' }), 'NotFoundError')
  })

  test('with a first message hold both messages', async () => {
    const answer = await post(CONVERSATIONS, { first_message: 'Hello?' })
    expect(answer.status).toBe(201)
    const { messages } = JSON.parse(answer.text) as CreateConversationResponse
    expect(messages).toMatchObject([
      { role: 'user', content: 'Hello?' },
      { role: 'assistant', parent_id: expect.any(String) },
    ])
    const run = await world.call(`/api/v1/runs/${messages[1]?.run_id}?wait=5`)
    expect(run.json()).toMatchObject({ status: 'completed', message: { content: 'Hello.' } })
  })

  test('of somebody else are not there', async () => {
    await world.conversation('c_alice1')
    await world.answered('Hello?', [], { conversationId: 'c_alice1', runId: 'run_alice' })
    const token = await world.tokenOf('v_bob')
    const attempts: [string, Call][] = [
      [`${CONVERSATIONS}/c_alice1`, {}],
      [`${CONVERSATIONS}/c_alice1`, { method: 'PATCH', body: { title: 'x' } }],
      [`${CONVERSATIONS}/c_alice1`, { method: 'DELETE' }],
      [`${CONVERSATIONS}/c_alice1`, { method: 'PUT', body: { message: 'x' } }],
      [`${CONVERSATIONS}/c_alice1/messages`, { method: 'POST', body: { content: 'x' } }],
      ['/api/v1/runs/run_alice', {}],
      ['/api/v1/runs/run_alice/events', {}],
      ['/api/v1/runs/run_alice/stop', { method: 'POST' }],
    ]
    for (const [path, call] of attempts)
      expectError(await world.call(path, { ...call, token }), 'NotFoundError')
    expect((await world.call(CONVERSATIONS, { token })).json()).toMatchObject({ total: 0 })
    expectError(await post(CONVERSATIONS, { id: 'c_alice1' }, { token }), 'ConflictError')
  })
})

describe('a send that asks for JSON', () => {
  beforeEach(() => world.conversation())
  const send = (body: unknown, call: Call = {}) => post(`${CONVERSATIONS}/c_00001/messages`, body, call)

  test('waits and answers both messages', async () => {
    const answer = await send({
      content: 'Hello?',
      run_id: 'run_01',
      message_id: 'mine_q',
      answer_id: 'mine_a',
    })
    expect(answer.status).toBe(200)
    expect(answer.json()).toEqual({
      user_message: {
        id: 'mine_q',
        conversation_id: 'c_00001',
        parent_id: null,
        role: 'user',
        content: 'Hello?',
        status: 'completed',
        run_id: null,
        model: null,
        usage: null,
        error: null,
        feedback: null,
        created_at: '2026-01-01T00:00:00.000Z',
      },
      message: {
        id: 'mine_a',
        conversation_id: 'c_00001',
        parent_id: 'mine_q',
        role: 'assistant',
        content: 'Hello.',
        status: 'completed',
        run_id: 'run_01',
        model: 'scripted-1',
        usage: USAGE,
        error: null,
        feedback: null,
        created_at: '2026-01-01T00:00:00.000Z',
      },
    })
  })

  test('tells the model what the page told, as data, and keeps it with the question', async () => {
    const context = { title: 'Blue kettle', product_id: '4711' }
    const ask = { content: 'How much is it?', run_id: 'run_01', answer_id: 'mine_a', context }
    const answer = await send(ask)
    expect(answer.json()).toMatchObject({ user_message: { content: 'How much is it?', context } })
    expect(answer.json()['message']).not.toHaveProperty('context')
    const shown = () => world.model.calls.at(-1)?.request.messages.at(-1)
    const told = shown()
    expect(told).toMatchObject({
      role: 'user',
      content: expect.stringMatching(/not instructions.*\n\{.*\}\n\nHow/),
    })
    expect(told?.content).toContain(JSON.stringify(context))
    // Once more: the same question, whatever page is open now.
    await send({ regenerate: 'mine_a' })
    expect(shown()).toEqual(told)
    // Asked again because its answer did not arrive: the same run, though the visitor is on another page.
    expect((await send({ ...ask, context: { title: 'Red pot' } })).status).toBe(200)
    expect(world.model.calls).toHaveLength(2)
    const { messages } = (await world.call(`${CONVERSATIONS}/c_00001`)).json()
    expect(messages).toMatchObject([{ context }, {}, {}])
    for (const format of ['json', 'markdown'])
      expect((await world.call(`/api/v1/me/export?format=${format}`)).text).toContain('4711')
  })

  test.each([
    ['too long', { content: 'Hello?', context: { title: 'x'.repeat(4_000) } }],
    ['no text', { content: 'Hello?', context: { product: 4711 } }],
    ['no object', { content: 'Hello?', context: ['Blue kettle'] }],
    ['with no question', { regenerate: 'mine_a', context: { title: 'Blue kettle' } }],
  ])('refuses a page context that is %s, and stores nothing then', async (_name, body) => {
    const before = await world.storedRows()
    expectError(await send(body), 'BadRequestError')
    expect(await world.storedRows()).toBe(before)
  })

  test('is the default, also for a wildcard', async () => {
    for (const accept of ['', '*/*', 'application/json', 'text/event-stream;q=0, */*']) {
      const answer = await send({ content: 'Hello?' }, { headers: { accept } })
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    }
  })

  test('takes Idempotency-Key for the run id, quoted or not', async () => {
    for (const key of ['run_key1', '"run_key1"']) {
      const answer = await send({ content: 'Hello?' }, { headers: { 'idempotency-key': key } })
      expect(answer.json()).toMatchObject({ message: { run_id: 'run_key1' } })
    }
    expect(world.model.calls).toHaveLength(1)
  })

  test('with a used run id and another body is a conflict', async () => {
    await send({ content: 'Hello?', run_id: 'run_01' })
    expectError(await send({ content: 'Other?', run_id: 'run_01' }), 'ConflictError')
  })

  test('a hundred times at once calls the model once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => send({ content: 'Hello?', run_id: 'run_01' })),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]?.json()).toMatchObject({ message: { content: 'Hello.' } })
    expect(world.model.calls).toHaveLength(1)
  })

  test('is refused while the server is stopping, with a time to come back', async () => {
    await world.useCases.generations.drain(0)
    const answer = await send({ content: 'Hello?' })
    expectError(answer, 'ServiceUnavailableError')
    expect(answer.headers['retry-after']).toBe('5')
    expect(answer.json()).toMatchObject({ retry_after: 5 })
    expect((await world.call('/readyz')).status).toBe(503)
    expect((await world.call('/healthz')).status).toBe(200)
  })

  test('text comes back as it was sent', async () => {
    const texts = [
      '<b>&amp;</b>',
      '\u202Eright to left',
      '🙂 e\u0301',
      "'; drop table messages; --",
      '\r\n  x\t',
    ]
    for (const content of texts) {
      expect((await send({ content })).json()).toMatchObject({ user_message: { content } })
    }
  })
})

describe('runs', () => {
  beforeEach(() => world.conversation())

  test('PUT stores the question and generates behind it', async () => {
    const answer = await world.call(`${CONVERSATIONS}/c_00001`, {
      method: 'PUT',
      body: { message: 'Hello?' },
    })
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({ role: 'user', content: 'Hello?', status: 'completed' })
    await world.model.nextCall()
  })

  test('are told with their message, and stopped', async () => {
    world.model.script = (call) => void call.say('Half')
    await world.call(`${CONVERSATIONS}/c_00001`, {
      method: 'PUT',
      body: { message: 'Hello?' },
      headers: { 'idempotency-key': 'run_01' },
    })
    await world.model.nextCall()
    expect((await world.call('/api/v1/runs/run_01')).json()).toMatchObject({
      id: 'run_01',
      status: 'streaming',
      cursor: 'run_01.4',
      ended_at: null,
      message: { content: 'Half' },
    })
    expect((await world.call(`${CONVERSATIONS}/c_00001`)).json()).toMatchObject({
      active_run: { id: 'run_01', cursor: 'run_01.4' },
      messages: [{ role: 'user' }, { content: 'Half', status: 'streaming' }],
    })
    for (const _ of [1, 2]) {
      const stopped = await post('/api/v1/runs/run_01/stop')
      expect(stopped.status).toBe(200)
      expect(stopped.json()).toMatchObject({ status: 'stopped', ended_at: '2026-01-01T00:00:00.000Z' })
    }
    expect((await world.call('/api/v1/runs/run_01')).json()).toMatchObject({ message: { content: 'Half' } })
  })
})

describe('health', () => {
  test('lives, and says what it depends on', async () => {
    for (const path of ['/healthz', '/api/v1/healthz']) {
      expect((await world.call(path, { token: null })).json()).toEqual({ status: 'ok' })
    }
    const ready = await world.call('/readyz', { token: null })
    expect([ready.status, ready.json()]).toEqual([200, { status: 'ok', dependencies: { database: 'ok' } }])
    await world.database.close()
    const down = await world.call('/readyz', { token: null })
    expect([down.status, down.json()]).toEqual([
      503,
      { status: 'unavailable', dependencies: { database: 'down' } },
    ])
    expectError(await world.call(CONVERSATIONS), 'ServiceUnavailableError')
  })
})
