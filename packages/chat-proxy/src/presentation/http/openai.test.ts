import { DONE } from '@colloquy/chat-core/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ModelError, type ModelErrorCode } from '../../domain/model-error.js'
import { answering, USAGE } from '../../application/testing/scripted-model.js'
import { expectOpenAiError } from './testing/expect-openai-error.js'
import { ByteReader, createHttpWorld, type Call, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
beforeEach(async () => {
  world = await createHttpWorld()
})
afterEach(() => world.close())

const COMPLETIONS = '/v1/chat/completions'
const MODEL = 'scripted-1'
const QUESTION = [{ role: 'user', content: 'Hello?' }]

const complete = (body: object = {}, call: Call = {}) =>
  world.call(COMPLETIONS, { method: 'POST', body: { model: MODEL, messages: QUESTION, ...body }, ...call })

const dataIn = (text: string): string[] => [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data)

const chunksIn = (text: string): Record<string, unknown>[] =>
  dataIn(text).flatMap((data) => (data === DONE ? [] : [JSON.parse(data) as Record<string, unknown>]))

/** What was recorded of completions. */
const recorded = async (): Promise<{ subject: string; actor: string; data: Record<string, unknown> }[]> => {
  const rows = await world.database.kysely
    .selectFrom('events')
    .selectAll()
    .where('type', '=', 'completion.ended')
    .execute()
  return rows.map(({ subject_id: subject, actor, data }) => ({
    subject,
    actor,
    data: JSON.parse(data) as Record<string, unknown>,
  }))
}

describe('a completion in one piece', () => {
  test('has OpenAI’s shape, and what it cost is recorded', async () => {
    world.model.script = answering('Hel', 'lo.')
    const answer = await complete()
    expect(answer.status).toBe(200)
    expect(answer.json()).toEqual({
      id: expect.stringMatching(/^chatcmpl_/),
      object: 'chat.completion',
      created: 1767225600,
      model: MODEL,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello.', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: USAGE,
    })
    expect(await recorded()).toEqual([
      {
        subject: answer.json()['id'],
        actor: 'v_alice',
        data: {
          model: MODEL,
          status: 'completed',
          attempts: 0,
          promptTokens: 3,
          completionTokens: 2,
          totalTokens: 5,
        },
      },
    ])
  })

  test('leaves no conversation, no message and no run behind', async () => {
    world.model.script = answering('Hello.')
    const tables = ['conversations', 'messages', 'runs'] as const
    const before = await world.storedRows(tables)
    await complete()
    expect(await world.storedRows(tables)).toBe(before)
  })

  test('shows the model what the operator says first, then every message as it came', async () => {
    world.model.script = answering('Hello.')
    await complete({
      messages: [
        { role: 'developer', content: 'Rhyme.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Wea' },
            { type: 'text', text: 'ther?' },
          ],
          name: 'ann',
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'Rain.' },
      ],
    })
    expect(world.model.calls[0]?.request.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: 'Rhyme.' },
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'call_1', name: 'look', arguments: '{}' }] },
      { role: 'tool', toolCallId: 'call_1', content: 'Rain.' },
    ])
  })

  test('passes tools and parameters on, and leaves out what is null', async () => {
    world.model.script = answering('Hello.')
    await complete({
      tools: [
        {
          type: 'function',
          function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } },
        },
        { type: 'function', function: { name: 'ask', strict: true, description: null } },
      ],
      tool_choice: { type: 'function', function: { name: 'look' } },
      temperature: 0.5,
      max_tokens: 100,
      stop: ['\n'],
      seed: null,
      response_format: { type: 'json_object' },
      n: 1,
      store: false,
      stream: null,
    })
    expect(world.model.calls[0]?.request).toMatchObject({
      tools: [
        { name: 'look', description: 'Looks.', parameters: { type: 'object' } },
        { name: 'ask', strict: true },
      ],
      toolChoice: { name: 'look' },
    })
    expect(world.model.calls[0]?.request.parameters).toEqual({
      temperature: 0.5,
      max_tokens: 100,
      stop: ['\n'],
      response_format: { type: 'json_object' },
    })
  })

  test('tells which tools the model calls', async () => {
    world.model.script = (call) =>
      call
        .call({ index: 0, id: 'call_1', name: 'look', argumentsDelta: '{"at":' })
        .call({ index: 1, id: 'call_2', name: 'ask', argumentsDelta: '' })
        .call({ index: 0, id: 'call_1', name: 'look', argumentsDelta: '"sky"}' })
        .end('tool_calls')
    expect((await complete()).json()).toMatchObject({
      choices: [
        {
          message: {
            content: null,
            tool_calls: [
              { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"at":"sky"}' } },
              { id: 'call_2', type: 'function', function: { name: 'ask', arguments: '' } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    })
  })

  test('has its reasoning apart, and no usage where the provider counts nothing', async () => {
    world.model.script = (call) => call.think('Hm.').say('Yes.').end('length')
    const body = (await complete()).json()
    expect(body).toMatchObject({
      choices: [{ message: { content: 'Yes.', reasoning_content: 'Hm.' }, finish_reason: 'length' }],
    })
    expect(body).not.toHaveProperty('usage')
  })
})

describe('a streamed completion', () => {
  test('is chunk by chunk what OpenAI sends', async () => {
    world.model.script = answering('Hel', 'lo.')
    const answer = await complete({ stream: true })
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    })
    const [first] = chunksIn(answer.text)
    const head = {
      id: first?.['id'],
      object: 'chat.completion.chunk',
      created: 1767225600,
      model: MODEL,
    }
    const chunk = (delta: object, finishReason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    })
    expect(chunksIn(answer.text)).toEqual([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo.' }),
      chunk({}, 'stop'),
    ])
    expect(dataIn(answer.text).at(-1)).toBe(DONE)
  })

  test('ends with its usage where that is asked for', async () => {
    world.model.script = answering('Hello.')
    const { text } = await complete({ stream: true, stream_options: { include_usage: true } })
    const chunks = chunksIn(text)
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: USAGE })
    for (const chunk of chunks.slice(0, -1)) expect(chunk).toMatchObject({ usage: null })
  })

  test('names a tool call once and sends its arguments in pieces', async () => {
    world.model.script = (call) =>
      call
        .call({ index: 0, id: 'call_1', name: 'look', argumentsDelta: '{"at":' })
        .call({ index: 0, id: 'call_1', name: 'look', argumentsDelta: '"sky"}' })
        .end('tool_calls')
    const { text } = await complete({ stream: true })
    const deltas = chunksIn(text).map(({ choices }) => (choices as { delta: object }[])[0]?.delta)
    expect(deltas.slice(1, 3)).toEqual([
      {
        tool_calls: [
          { index: 0, id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"at":' } },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '"sky"}' } }] },
    ])
  })

  const openStream = async () =>
    new ByteReader(
      await world.open(COMPLETIONS, {
        method: 'POST',
        body: { model: MODEL, messages: QUESTION, stream: true },
      }),
    )

  test('keeps the line of a model that is silent', async () => {
    const opening = openStream()
    const call = await world.model.nextCall()
    await world.clock.advanceAsync(10_000)
    const stream = await opening
    await stream.until(': hb\n\n')
    call.say('Hello.').end()
    expect(await stream.end()).toMatch(/"role":"assistant"[^]*: hb[^]*Hello\.[^]*\[DONE\]\n\n$/)
    expect(world.clock.pending).toBe(0)
  })

  test('that breaks off says so in OpenAI’s way', async () => {
    world.model.script = (call) => call.say('Half').fail(new ModelError('broken', 'secret words'))
    const answer = await complete({ stream: true })
    expect(chunksIn(answer.text).at(-1)).toEqual({
      error: { message: expect.any(String), type: 'server_error', param: null, code: 'model_broken' },
    })
    expect(answer.text).not.toContain('secret words')
    expect(answer.text).not.toContain('"finish_reason":"stop"')
    expect(await recorded()).toMatchObject([{ data: { status: 'failed' } }])
  })

  test('whose caller goes away stops the model, and is recorded', async () => {
    const opening = openStream()
    const call = await world.model.nextCall()
    call.say('Half')
    const stream = await opening
    await stream.until('Half')
    stream.response.destroy()
    await expect.poll(() => call.signal.aborted).toBe(true)
    await expect.poll(recorded).toMatchObject([{ data: { status: 'cancelled' } }])
    await expect.poll(() => world.clock.pending).toBe(0)
    expect(world.logLines.join('')).not.toMatch(/a request (failed|could not be served)/)
  })

  test('is let finish by a process that goes away, and then cut off with a word', async () => {
    const opening = openStream()
    const call = await world.model.nextCall()
    call.say('Half')
    const stream = await opening
    await stream.until('Half')
    const drained = world.useCases.generations.drain(10_000)
    expectOpenAiError(await complete(), 503, { type: 'server_error' })
    await world.clock.advanceAsync(10_000)
    await drained
    expect(await stream.end()).toContain('service_unavailable')
    expect(await recorded()).toMatchObject([{ data: { status: 'interrupted' } }])
  })
})

test('a caller that waits for the whole and goes away stops the model as well', async () => {
  const gone = world.open(COMPLETIONS, { method: 'POST', body: { model: MODEL, messages: QUESTION } })
  gone.catch(() => {})
  const call = await world.model.nextCall()
  world.hangUp()
  await expect.poll(() => call.signal.aborted).toBe(true)
  await expect.poll(recorded).toMatchObject([{ data: { status: 'cancelled' } }])
})

describe('refusals', () => {
  afterEach(() => expect(world.model.calls).toHaveLength(0))

  test.each([
    ['no model', { model: undefined }, 'model'],
    ['no messages', { messages: undefined }, 'messages'],
    ['an empty list of messages', { messages: [] }, 'messages'],
    ['messages of the wrong type', { messages: 'Hello?' }, 'messages'],
    ['an unknown role', { messages: [{ role: 'function', content: 'x' }] }, 'messages.0.role'],
    ['a message without content', { messages: [{ role: 'user' }] }, 'messages.0.content'],
    [
      'a picture',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] },
      'messages.0.content',
    ],
    [
      'a tool result without its call',
      { messages: [{ role: 'tool', content: 'x' }] },
      'messages.0.tool_call_id',
    ],
    ['several answers', { n: 2 }, 'n'],
    ['storing', { store: true }, 'store'],
    ['log probabilities', { logprobs: true }, 'logprobs'],
    ['sound', { modalities: ['text', 'audio'] }, 'modalities.1'],
    ['a dearer service', { service_tier: 'priority' }, 'service_tier'],
    ['old-style functions', { functions: [] }, 'functions'],
    ['a parameter nobody knows', { top_k: 40 }, 'top_k'],
    ['too much temperature', { temperature: 3 }, 'temperature'],
    ['temperature as text', { temperature: '1' }, 'temperature'],
    ['a stream that is no boolean', { stream: 'yes' }, 'stream'],
    ['a tool of another type', { tools: [{ type: 'custom', custom: { name: 'x' } }] }, 'tools.0.type'],
    [
      'a tool with a strange name',
      { tools: [{ type: 'function', function: { name: 'a b' } }] },
      'tools.0.function.name',
    ],
    ['a tool choice nobody knows', { tool_choice: 'any' }, 'tool_choice'],
    ['an unknown response format', { response_format: { type: 'xml' } }, 'response_format.type'],
  ])('%s', async (_name, body, param) => {
    const before = await world.storedRows()
    expectOpenAiError(await complete(body), 400, { type: 'invalid_request_error', param })
    expect(await world.storedRows()).toBe(before)
  })

  test.each([
    ['broken JSON', '{"model":', 400],
    ['an array', '[]', 400],
    ['nothing', undefined, 400],
    ['too much', JSON.stringify({ x: 'x'.repeat(300_000) }), 413],
  ])('a body that is %s', async (_name, body, status) => {
    const answer = await world.call(COMPLETIONS, { method: 'POST', body })
    expectOpenAiError(answer, status, { type: 'invalid_request_error' })
  })

  test('a model that there is not', async () => {
    expectOpenAiError(await complete({ model: 'gpt-0' }), 404, {
      type: 'invalid_request_error',
      code: 'model_not_found',
      param: 'model',
    })
  })

  test('more text than a conversation would show the model', async () => {
    const content = 'x'.repeat(80_001)
    expectOpenAiError(
      await complete({
        messages: [
          { role: 'user', content },
          { role: 'user', content },
        ],
      }),
      400,
      {
        code: 'context_length_exceeded',
        param: 'messages',
      },
    )
  })

  test('callers who are nobody, and addresses where nothing is', async () => {
    for (const token of [null, 'a.b.c']) {
      const answer = await complete({}, { token })
      expectOpenAiError(answer, 401, { type: 'invalid_request_error', code: 'invalid_api_key' })
      expect(answer.headers['www-authenticate']).toBe('Bearer')
      expectOpenAiError(await world.call('/v1/models', { token }), 401, { code: 'invalid_api_key' })
    }
    for (const [method, path] of [
      ['GET', COMPLETIONS],
      ['POST', '/v1/embeddings'],
      ['GET', '/v1'],
    ] as const) {
      expectOpenAiError(await world.call(path, { method }), 404, { code: 'unknown_url' })
    }
    expect((await world.call('/v10/nothing')).json()).toMatchObject({ type: 'NotFoundError' })
  })
})

describe('failures of the model before its first word', () => {
  const CASES: readonly [ModelErrorCode, number | undefined, number, string][] = [
    ['unavailable', 429, 503, 'model_unavailable'],
    ['timeout-connect', undefined, 503, 'model_unavailable'],
    ['timeout-first-token', undefined, 504, 'model_timeout'],
    ['timeout-between-tokens', undefined, 504, 'model_timeout'],
    ['rejected', 400, 400, 'model_refused'],
    ['rejected', 401, 503, 'model_unavailable'],
    ['broken', undefined, 502, 'model_broken'],
  ]
  test.each(CASES)('%s with status %s is %i, streamed or not', async (code, upstream, status, expected) => {
    const options = upstream === undefined ? {} : { status: upstream }
    world.model.script = (call) => call.fail(new ModelError(code, 'secret upstream words', options))
    for (const stream of [true, false]) {
      const answer = await complete({ stream })
      expectOpenAiError(answer, status, { code: expected })
      expect(answer.text).not.toContain('secret')
      // Nobody pays twice because a client asks again by itself.
      const mayHaveRun = status === 504 || status === 502
      expect(answer.headers['x-should-retry']).toBe(mayHaveRun ? 'false' : undefined)
    }
  })

  test('tell when to come back', async () => {
    const error = new ModelError('unavailable', 'busy', { status: 429, retryAfter: 11_200 })
    world.model.script = (call) => call.fail(error)
    expect((await complete()).headers['retry-after']).toBe('12')
  })
})

test('the models are those that can be asked for', async () => {
  expect((await world.call('/v1/models')).json()).toEqual({
    object: 'list',
    data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'colloquy' }],
  })
})

test('OpenAI’s own client may call from an allowed page', async () => {
  const answer = await world.call(COMPLETIONS, {
    method: 'OPTIONS',
    token: null,
    headers: {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-stainless-lang,x-evil',
    },
  })
  expect(answer.status).toBe(204)
  expect(answer.headers['access-control-allow-headers']).toContain('x-stainless-lang')
  expect(answer.headers['access-control-allow-headers']).not.toContain('x-evil')
})
