import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectError } from './testing/expect-error.js'
import { createHttpWorld, type Call, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
let before: number
beforeAll(async () => {
  world = await createHttpWorld()
  await world.conversation()
})
afterAll(() => world.close())
beforeEach(async () => {
  before = await world.storedRows()
})
/** Nothing was stored, nothing was asked, and the process is as well as before. */
afterEach(async () => {
  expect(await world.storedRows()).toBe(before)
  expect(world.model.calls).toHaveLength(0)
  expect((await world.call('/healthz')).status).toBe(200)
})

const MESSAGES = '/api/v1/conversations/c_00001/messages'
const send = (call: Call) => world.call(MESSAGES, { method: 'POST', ...call })

describe('bodies', () => {
  test.each([
    ['broken JSON', '{"content":'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['a trailing comma', '{"content":"x",}'],
    ['two values', '{"content":"x"}{}'],
    ['a byte order mark alone', Buffer.from([0xef, 0xbb, 0xbf])],
    ['nesting without end', '['.repeat(100_000)],
    ['an array', '[]'],
    ['a string', '"content"'],
    ['null', 'null'],
    ['a number', '1e999'],
    ['nothing', undefined],
    ['no content', '{}'],
    ['content of the wrong type', '{"content":{"text":"x"}}'],
    ['content null', '{"content":null}'],
    ['an empty message', '{"content":""}'],
    ['white space', '{"content":" \\n\\t "}'],
    ['a name that stands twice', '{"content":"x","content":"x"}'],
    ['a name that stands twice where nobody looks', '{"content":"x","more":[{"a":1,"\\u0061":2}]}'],
    ['a prototype beside the content', '{"content":"x","__proto__":{"role":"admin"}}'],
    ['10,000 levels where nobody looks', `{"content":"x","more":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['U+0000', '{"content":"a\\u0000b"}'],
    ['half of a surrogate pair', '{"content":"a\\ud83d"}'],
    ['half of a pair where nobody looks', '{"content":"x","more":["\\udc4d\\ud83d"]}'],
    ['only a prototype', '{"__proto__":{"content":"x"}}'],
    ['a short run_id', '{"content":"x","run_id":"a"}'],
    ['a run_id with a dot', '{"content":"x","run_id":"run.0001"}'],
    ['a run_id of the wrong type', '{"content":"x","run_id":["run_0001"]}'],
    ['a message_id with a slash', '{"content":"x","message_id":"../../etc"}'],
  ])('%s is refused', async (_name, body) => {
    expectError(await send({ body }), 'BadRequestError')
  })

  test('a message over the limit is refused with the limit named', async () => {
    const answer = await send({ body: { content: 'x'.repeat(8001) } })
    expectError(answer, 'PayloadTooLargeError')
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining('8000') })
  })

  test('a body over 256 KiB is refused, told in advance or not', async () => {
    const body = JSON.stringify({ content: 'x'.repeat(300_000) })
    expectError(await send({ body }), 'PayloadTooLargeError')
    expectError(await send({ body, headers: { 'transfer-encoding': 'chunked' } }), 'PayloadTooLargeError')
  })

  test('a body that is told to be far over it is refused before it comes', async () => {
    const head = [
      `POST ${MESSAGES} HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${await world.tokenOf('v_alice')}`,
      'Content-Type: application/json',
      'Content-Length: 999999999',
    ]
    const answer = await world.raw(`${head.join('\r\n')}\r\n\r\n{"content":`)
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('PayloadTooLargeError')
  })

  describe('that come in pieces, of unknown length', () => {
    const begun = async (...pieces: readonly number[]): Promise<string> => {
      const head = [
        `POST ${MESSAGES} HTTP/1.1`,
        'Host: x',
        `Authorization: Bearer ${await world.tokenOf('v_alice')}`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ]
      const body = pieces.map((bytes) => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`)
      return world.raw(`${head.join('\r\n')}\r\n\r\n${body.join('')}`)
    }

    test.each([
      ['far over the limit', [5_000_000]],
      ['over the limit, and then nothing', [200_000, 100_000]],
    ])('are refused before their end: %s', async (_name, pieces) => {
      const answer = await begun(...pieces)
      expect(answer).toMatch(/^HTTP\/1\.1 413 /)
      expect(answer.toLowerCase()).toContain('connection: close')
    })
  })

  test('a body just under the limit is read', async () => {
    const answer = await send({ body: { content: 'x'.repeat(250_000) } })
    expect(answer.json()).toMatchObject({ error: 'The message is too long' })
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json; charset=utf-16',
    '',
  ])('content type "%s" is refused', async (type) => {
    expectError(await send({ body: '{"content":"x"}', headers: { 'content-type': type } }), 'BadRequestError')
  })

  test('compressed bodies are refused', async () => {
    const headers = { 'content-encoding': 'gzip' }
    expectError(await send({ body: '{"content":"x"}', headers }), 'BadRequestError')
  })
})

describe('addresses', () => {
  test.each([
    'c_9',
    'c_nowhere',
    "c'%20or%201=1",
    '%00%00%00%00%00%00',
    '..%2f..%2fetc',
    'a'.repeat(300),
    '%F0%9F%99%82',
  ])('conversation %s is not found', async (id) => {
    for (const [method, body] of [
      ['GET', undefined],
      ['DELETE', undefined],
      ['PATCH', { title: 'x' }],
      ['PUT', { message: 'x' }],
    ] as const) {
      expectError(await world.call(`/api/v1/conversations/${id}`, { method, body }), 'NotFoundError')
    }
    expectError(await world.call(`/api/v1/runs/${id}`), 'NotFoundError')
    expectError(await world.call(`/api/v1/runs/${id}/events`), 'NotFoundError')
    expectError(await world.call(`/api/v1/runs/${id}/stop`, { method: 'POST' }), 'NotFoundError')
  })

  test('the detail names the id', async () => {
    expect((await world.call('/api/v1/conversations/c_9')).json()).toMatchObject({
      error: 'Conversation not found',
      detail: 'No conversation with ID c_9',
    })
  })

  test('percent signs that are no text are refused', async () => {
    expectError(await world.call('/api/v1/conversations/%E0%A4%A'), 'BadRequestError')
  })

  test.each([
    ['GET', '/api/v1/nothing'],
    ['POST', '/api'],
    ['DELETE', '/api/v1/chat/start'],
    ['POST', '/healthz'],
    ['GET', '/nothing'],
    ['GET', '/API/v1/conversations'],
    ['GET', '/api/v1/conversations/c_00001/messages'],
    ['GET', '//evil.example/'],
  ])('%s %s is not there', async (method, path) => {
    expectError(await world.call(path, { method }), 'NotFoundError')
  })

  test.each([
    'page=0',
    'page=-1',
    'page=x',
    'page=1.5',
    'page=',
    'page_size=0',
    'page_size=101',
    'page=1&page=2',
    'q=hello',
    'query=a%00b',
    '%00=1',
    'page=99999999999',
  ])('a list with %s is refused', async (query) => {
    expectError(await world.call(`/api/v1/conversations?${query}`), 'BadRequestError')
  })

  test.each(['limit=0', 'limit=201', 'limit=ten'])('messages with %s are refused', async (query) => {
    expectError(await world.call(`/api/v1/conversations/c_00001?${query}`), 'BadRequestError')
  })
})

describe('fields of other endpoints', () => {
  test.each([
    { id: 'short' },
    { id: 'with space' },
    { title: 7 },
    { title: 'x'.repeat(201) },
    { mode: 'closed' },
    { document_ids: 'doc_0001' },
    { document_ids: [7] },
    { first_message: '' },
    { first_message: {} },
    { title: 'a\0' },
    { first_message: '\ud800' },
    { metadata: { note: 'a\0' } },
  ])('creating with %j is refused', async (body) => {
    expectError(await world.call('/api/v1/conversations', { method: 'POST', body }), 'BadRequestError')
  })

  test('creating with a first message over the limit is refused', async () => {
    const body = { first_message: 'x'.repeat(8001) }
    expectError(await world.call('/api/v1/conversations', { method: 'POST', body }), 'PayloadTooLargeError')
  })

  test.each([{ title: '' }, { title: '  ' }, { title: null }, { mode: 'x' }])(
    'changing to %j is refused',
    async (body) => {
      expectError(
        await world.call('/api/v1/conversations/c_00001', { method: 'PATCH', body }),
        'BadRequestError',
      )
    },
  )

  test.each([{}, { message: '' }, { message: 7 }])('putting %j is refused', async (body) => {
    expectError(await world.call('/api/v1/conversations/c_00001', { method: 'PUT', body }), 'BadRequestError')
  })

  test('an Idempotency-Key that is no id, or not the run_id, is refused', async () => {
    const body = { content: 'x', run_id: 'run_01' }
    expectError(await send({ body, headers: { 'idempotency-key': 'a b' } }), 'BadRequestError')
    expectError(await send({ body, headers: { 'idempotency-key': 'run_02' } }), 'BadRequestError')
  })

  test('an unknown format of a stream is refused', async () => {
    expectError(await world.call('/api/v1/runs/run_01/events?format=xml'), 'BadRequestError')
  })
})

describe('who is calling', () => {
  const refused = (call: Call) => world.call('/api/v1/conversations', call)

  test('without a token, with a wrong one or with another scheme nobody passes', async () => {
    const { token } = world
    const answers = [
      await refused({ token: null }),
      await refused({ token: 'nonsense' }),
      await refused({ token: `${token.slice(0, -2)}AA` }),
      await refused({ token: null, headers: { authorization: `Basic ${token}` } }),
      await refused({ token: null, headers: { authorization: token } }),
      await refused({ token: null, headers: { authorization: 'Bearer ' } }),
    ]
    for (const answer of answers) {
      expectError(answer, 'AuthenticationError')
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
  })

  test('an expired token is told apart', async () => {
    const token = await world.tokenOf('v_late')
    world.clock.advance(3_600_000 + 31_000)
    const answer = await refused({ token })
    expectError(answer, 'AuthenticationError')
    expect(answer.json()).toMatchObject({ error: 'The session has expired' })
  })

  test('a body is not read for somebody unknown', async () => {
    const answer = await send({ token: null, body: '{"broken' })
    expectError(answer, 'AuthenticationError')
  })
})

describe('bytes that are no request', () => {
  test.each([
    ['GET / HTTP/9.9\r\n\r\n', '400'],
    ['nonsense\r\n\r\n', '400'],
    [
      'POST /api/v1/chat/start HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
      '400',
    ],
    [`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, '431'],
  ])('%j gets an answer and the line is closed', async (bytes, status) => {
    const text = await world.raw(bytes)
    expect(text.split(' ')[1]).toBe(status)
    expect(text).toContain('"request_id"')
  })
})
