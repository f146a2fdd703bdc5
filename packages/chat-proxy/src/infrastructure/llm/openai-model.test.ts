import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ModelError, type ModelErrorCode } from '../../domain/model-error.js'
import type { ModelRequest } from '../../domain/ports/chat-model.js'
import { standStill } from '../../testing/stand-still.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { OpenAiModel, type OpenAiModelOptions } from './openai-model.js'
import { endChunk, FaultServer, sse, textChunk, type Script } from './testing/fault-server.js'
import { RecordingSink } from './testing/recording-sink.js'

const KEY = 'sk-planted-key-0123456789'
const QUESTION = 'planted question'
const request: ModelRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: QUESTION },
  ],
}
const usage = (n: number) => ({ prompt_tokens: n, completion_tokens: n, total_tokens: 2 * n })
const never = new AbortController().signal

let server: FaultServer
let clock: FakeClock
beforeEach(async () => {
  server = await FaultServer.open()
  clock = new FakeClock()
})
afterEach(() => server.close())

const open = (options: Partial<OpenAiModelOptions> = {}): OpenAiModel =>
  new OpenAiModel({
    provider: 'test-provider',
    baseUrl: server.baseUrl,
    apiKey: KEY,
    model: 'test-model',
    clock,
    ...options,
  })

/** Answers with these events and a proper end of the body. */
const stream =
  (...events: unknown[]): Script =>
  (exchange) => {
    exchange.open()
    exchange.response.end(events.map(sse).join(''))
  }

const ask = async (script: Script, model = open()): Promise<RecordingSink> => {
  server.answer(script)
  const sink = new RecordingSink()
  await model.generate(request, sink, never)
  // The end of the body is read in the background.
  await expect.poll(() => clock.pending, { interval: 1 }).toBe(0)
  return sink
}

/** The failure of a call, which must be a ModelError that tells nobody's secrets. */
const failureOf = async (work: Promise<unknown>): Promise<ModelError> => {
  const error = await work.then(
    () => expect.fail('The call succeeded.'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ModelError)) throw error
  for (const secret of [KEY, QUESTION, 'provider words'])
    expect(inspect(error, { depth: 9 })).not.toContain(secret)
  return error
}

const failsWith = async (code: ModelErrorCode, script: Script, model = open()): Promise<RecordingSink> => {
  server.answer(script)
  const sink = new RecordingSink()
  expect((await failureOf(model.generate(request, sink, never))).code).toBe(code)
  expect(sink.finishes).toEqual([])
  expect(sink.attempts).toMatchObject([{ outcome: code }])
  expect(clock.pending).toBe(0)
  return sink
}

describe('request', () => {
  test('goes to chat/completions with key, model, messages and the wish for usage', async () => {
    await ask(stream(endChunk(), '[DONE]'))
    const [exchange] = server.exchanges
    expect(exchange?.path).toBe('/v1/chat/completions')
    expect(exchange?.headers.authorization).toBe(`Bearer ${KEY}`)
    expect(exchange?.body).toEqual({
      model: 'test-model',
      messages: request.messages,
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  test('names tools, what they were asked and what they gave back, as OpenAI has it', async () => {
    server.answer(stream(endChunk()))
    const parameters = { type: 'object', properties: { city: { type: 'string' } } }
    await open().generate(
      {
        messages: [
          { role: 'user', content: 'Weather?' },
          {
            role: 'assistant',
            content: '',
            toolCalls: [{ id: 'a', name: 'weather', arguments: '{"city":"' }],
          },
          { role: 'tool', toolCallId: 'a', content: 'rain' },
          {
            role: 'assistant',
            content: 'One more.',
            toolCalls: [{ id: 'b', name: 'time', arguments: '{}' }],
          },
          { role: 'assistant', content: 'Rain.', toolCalls: [] },
        ],
        tools: [{ name: 'weather', description: 'Of a city', parameters, strict: true }, { name: 'time' }],
        toolChoice: { name: 'weather' },
      },
      new RecordingSink(),
      never,
    )
    expect(server.exchanges[0]?.body).toMatchObject({
      messages: [
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'rain' },
        { role: 'assistant', content: 'One more.', tool_calls: [{ id: 'b' }] },
        { role: 'assistant', content: 'Rain.' },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'weather', description: 'Of a city', parameters, strict: true },
        },
        { type: 'function', function: { name: 'time' } },
      ],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    })
  })

  test.each(['auto', 'none', 'required'] as const)('passes on the tool choice %s', async (toolChoice) => {
    server.answer(stream(endChunk()))
    const tools = [{ name: 'time' }]
    await open().generate({ ...request, tools, toolChoice }, new RecordingSink(), never)
    expect(server.exchanges[0]?.body['tool_choice']).toBe(toolChoice)
  })

  test('leaves the tool choice out where there are no tools to choose from', async () => {
    server.answer(stream(endChunk()))
    await open().generate({ ...request, tools: [], toolChoice: 'none' }, new RecordingSink(), never)
    expect(Object.keys(server.exchanges[0]?.body ?? {})).toEqual([
      'model',
      'messages',
      'stream',
      'stream_options',
    ])
  })

  test('leaves out what the provider does not accept', async () => {
    await ask(stream(endChunk()), open({ quirks: { omitStreamOptions: true } }))
    expect(server.exchanges[0]?.body).not.toHaveProperty('stream_options')
  })

  test('sends no authorization where there is no key', async () => {
    await ask(stream(endChunk()), open({ apiKey: null }))
    expect(server.exchanges[0]?.headers).not.toHaveProperty('authorization')
  })

  test('accepts a base URL with a slash at its end', async () => {
    await ask(stream(endChunk()), open({ baseUrl: `${server.baseUrl}/` }))
    expect(server.exchanges[0]?.path).toBe('/v1/chat/completions')
  })

  test('is configured by no variable of the environment', async () => {
    process.env['OPENAI_ORG_ID'] = 'org-from-environment'
    process.env['OPENAI_PROJECT_ID'] = 'project-from-environment'
    try {
      await ask(stream(endChunk()))
    } finally {
      delete process.env['OPENAI_ORG_ID']
      delete process.env['OPENAI_PROJECT_ID']
    }
    expect(JSON.stringify(server.exchanges[0]?.headers)).not.toContain('from-environment')
  })

  test('refuses settings that can never work, without repeating the key', () => {
    for (const baseUrl of ['', 'api.example.com/v1', 'file:///etc/passwd', 'ftp://example.com'])
      expect(() => open({ baseUrl })).toThrow('base URL')
    for (const apiKey of ['', 'planted key', 'planted\n', 'plänted'])
      expect(() => open({ apiKey })).toThrow(/^(?!.*pl.nted).*key/)
  })
})

describe('answer', () => {
  test('passes on text, then the finish reason, then usage', async () => {
    const sink = await ask(
      stream(
        textChunk('Hello'),
        textChunk(' world'),
        endChunk('length'),
        { choices: [], usage: usage(2) },
        '[DONE]',
      ),
    )
    expect(sink.deltas).toEqual(['Hello', ' world'])
    expect(sink.calls).toEqual(['delta', 'delta', 'finish', 'usage'])
    expect(sink.finishes).toEqual(['length'])
    expect(sink.usages).toEqual([usage(2)])
  })

  test('delivers words while the answer is still being written', async () => {
    const sink = new RecordingSink()
    let finish = () => {}
    server.answer(async (exchange) => {
      exchange.open()
      await exchange.event(textChunk('first'))
      finish = () => exchange.response.end(sse(endChunk()) + sse('[DONE]'))
    })
    const answering = open().generate(request, sink, never)
    await sink.firstDelta
    expect(sink.calls).toEqual(['delta'])
    finish()
    await answering
    expect(sink.calls).toEqual(['delta', 'finish'])
  })

  test('takes usage from any chunk, the last one, once', async () => {
    const onText = { ...textChunk('a'), usage: usage(1) }
    const onEnd = { ...endChunk(), usage: usage(2) }
    const after = { choices: [], usage: usage(3) }
    expect((await ask(stream(onText, endChunk(), '[DONE]'))).usages).toEqual([usage(1)])
    expect((await ask(stream(onText, onEnd, '[DONE]'))).usages).toEqual([usage(2)])
    expect((await ask(stream(onText, onEnd, after, '[DONE]'))).usages).toEqual([usage(3)])
    expect((await ask(stream(textChunk('a'), endChunk(), { choices: [], usage: null }))).usages).toEqual([])
  })

  test('lives with chunks that say little or too much', async () => {
    const sink = await ask(
      stream(
        { choices: [{ delta: { role: 'assistant', content: null }, finish_reason: null }] },
        { choices: [{ index: 0, delta: {} }] },
        { choices: [] },
        {},
        { object: 'something.else', choices: null },
        textChunk(''),
        textChunk('text'),
        { ...endChunk(), unknown: { deep: [1] } },
        endChunk('length'),
        '[DONE]',
        textChunk('after the end'),
      ),
    )
    expect(sink.deltas).toEqual(['text'])
    expect(sink.finishes).toEqual(['stop'])
  })

  test('ends with stop when [DONE] comes without a finish reason', async () => {
    expect((await ask(stream(textChunk('a'), '[DONE]'))).finishes).toEqual(['stop'])
  })

  test('ends properly with a finish reason and no [DONE]', async () => {
    expect((await ask(stream(textChunk('a'), endChunk()))).finishes).toEqual(['stop'])
  })

  test('an answer without words is an answer', async () => {
    const sink = await ask(stream(endChunk('content_filter'), '[DONE]'))
    expect(sink.calls).toEqual(['finish'])
    expect(sink.finishes).toEqual(['content_filter'])
  })

  test('does not wait for a server that leaves the connection open after [DONE]', async () => {
    const sink = new RecordingSink()
    server.answer(async (exchange) => {
      exchange.open()
      await exchange.write(sse(textChunk('a')) + sse(endChunk()) + sse('[DONE]'))
    })
    await open().generate(request, sink, never)
    expect(sink.calls).toEqual(['delta', 'finish'])
    await clock.advanceAsync(1000)
    await server.exchanges[0]?.closed
    expect(clock.pending).toBe(0)
  })

  test('uses its connection again', async () => {
    const model = open()
    for (let i = 0; i < 3; i++) {
      await ask(stream(textChunk('a'), endChunk(), '[DONE]'), model)
      // The end of the body may be in a packet of its own, behind the last word.
      await new Promise(setImmediate)
    }
    expect(server.connections).toBe(1)
  })

  test('takes an answer that is not streamed', async () => {
    const sink = await ask((exchange) =>
      exchange.json(200, {
        choices: [
          { index: 0, message: { role: 'assistant', content: 'All at once' }, finish_reason: 'stop' },
        ],
        usage: usage(4),
      }),
    )
    expect(sink.deltas).toEqual(['All at once'])
    expect(sink.calls).toEqual(['delta', 'finish', 'usage'])
  })

  test('reads an answer that comes in single bytes', async () => {
    const bytes = Buffer.from(sse(textChunk('Grüße 👋')) + sse(endChunk()) + sse('[DONE]'))
    const sink = await ask(async (exchange) => {
      exchange.open()
      for (const byte of bytes) await exchange.write(Uint8Array.of(byte))
      exchange.response.end()
    })
    expect(sink.text).toBe('Grüße 👋')
  })

  test('many answers at once do not mix', async () => {
    server.answer((exchange) =>
      stream(textChunk(JSON.stringify(exchange.body['messages'])), endChunk())(exchange),
    )
    const model = open()
    const questions = Array.from({ length: 20 }, (_, i) => `question ${i}`)
    await Promise.all(
      questions.map(async (content) => {
        const sink = new RecordingSink()
        await model.generate({ messages: [{ role: 'user', content }] }, sink, never)
        expect(sink.text).toContain(`"${content}"`)
      }),
    )
  })
})

describe('refusal', () => {
  const refuse =
    (status: number, headers: Record<string, string> = {}): Script =>
    (exchange) =>
      exchange.json(
        status,
        { error: { message: `provider words ${KEY} ${QUESTION}`, type: 'x', code: 'provider words' } },
        headers,
      )
  const refusedWith = async (status: number, headers?: Record<string, string>): Promise<ModelError> => {
    server.answer(refuse(status, headers))
    return failureOf(open().generate(request, new RecordingSink(), never))
  }

  test.each([408, 429, 500, 502, 503, 504, 529])(
    '%i means unavailable, and is asked once',
    async (status) => {
      expect(await refusedWith(status)).toMatchObject({ code: 'unavailable', status, retryAfter: undefined })
      expect(server.exchanges.length).toBe(1)
    },
  )

  test.each([400, 401, 402, 403, 404, 409, 413, 418, 422])('%i means rejected', async (status) => {
    expect(await refusedWith(status)).toMatchObject({ code: 'rejected', status })
    expect(server.exchanges.length).toBe(1)
  })

  test('tells how long to wait', async () => {
    const date = (ms: number): string => new Date(clock.now() + ms).toUTCString()
    const waits: [Record<string, string>, number | undefined][] = [
      [{ 'retry-after': '12' }, 12_000],
      [{ 'retry-after': '0' }, 0],
      [{ 'retry-after': date(90_000) }, 90_000],
      [{ 'retry-after': date(-90_000) }, 0],
      [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
      [{ 'retry-after': 'soon' }, undefined],
      [{ 'retry-after': '' }, undefined],
    ]
    for (const [headers, retryAfter] of waits)
      expect(await refusedWith(429, headers)).toMatchObject({ retryAfter })
  })

  test('keeps how long to wait in the record of the attempt', async () => {
    server.answer(refuse(429, { 'retry-after': '12' }))
    const sink = new RecordingSink()
    await failureOf(open().generate(request, sink, never))
    expect(sink.attempts).toMatchObject([{ outcome: 'unavailable', status: 429, retryAfter: 12_000 }])
  })

  test('a body that is no JSON, or none, changes nothing', async () => {
    await failsWith('unavailable', ({ response }) =>
      response.writeHead(503).end('<html>provider words</html>'),
    )
    await failsWith('rejected', ({ response }) => response.writeHead(401).end())
  })

  test('a body that is packed changes nothing either: what counts is the status', async () => {
    const headers = { 'content-encoding': 'gzip' }
    await failsWith('unavailable', ({ response }) => response.writeHead(503, headers).end('\u001f\u008b'))
    await failsWith('rejected', ({ response }) => response.writeHead(401, headers).end('\u001f\u008b'))
  })

  test('does not follow a redirect', async () => {
    await failsWith('rejected', ({ response }) => response.writeHead(307, { location: '/elsewhere' }).end())
    expect(server.exchanges.length).toBe(1)
  })

  test('a failure told in the stream is broken', async () => {
    const failure = { error: { message: 'provider words', code: 502 } }
    expect((await failsWith('broken', stream(textChunk('a'), failure, '[DONE]'))).text).toBe('a')
    await failsWith('broken', stream(failure))
  })
})

describe('connection', () => {
  test('refused: the model is unavailable', async () => {
    const model = open()
    await server.close()
    const error = await failureOf(model.generate(request, new RecordingSink(), never))
    expect(error.code).toBe('unavailable')
    expect(error.message).toContain('ECONNREFUSED')
    server = await FaultServer.open()
  })

  test('no TLS on the other side: unavailable', async () => {
    await failsWith('unavailable', () => {}, open({ baseUrl: server.baseUrl.replace('http:', 'https:') }))
    expect(server.exchanges).toEqual([])
  })

  test('not established in time: timeout-connect', async () => {
    const mute = await listenMute()
    const baseUrl = `https://127.0.0.1:${mute.port}/v1`
    await failsWith('timeout-connect', () => {}, open({ baseUrl, timeouts: { connect: 50 } }))
    mute.close()
  })

  test('reset before any answer: broken, for the model may have run', async () => {
    await failsWith('broken', (exchange) => exchange.reset())
    expect(server.exchanges.length).toBe(1)
  })

  test('closed before any answer: broken', async () => {
    await failsWith('broken', (exchange) => exchange.hangUp())
  })

  test.each(['reset', 'hangUp'] as const)(
    '%s in the middle of the answer: broken, what came is kept',
    async (how) => {
      const sink = new RecordingSink()
      server.answer(async (exchange) => {
        exchange.open()
        await exchange.write(sse(textChunk('so far')) + 'data: {"choi')
        await sink.firstDelta
        exchange[how]()
      })
      expect((await failureOf(open().generate(request, sink, never))).code).toBe('broken')
      expect(sink.calls).toEqual(['delta'])
      expect(clock.pending).toBe(0)
    },
  )

  test('a clean end of the body without an end of the answer: broken', async () => {
    expect((await failsWith('broken', stream(textChunk('a')))).text).toBe('a')
    await failsWith('broken', stream())
    expect((await failsWith('broken', stream({ choices: [], usage: usage(1) }))).usages).toEqual([usage(1)])
  })

  test('packed although it was asked for plain: broken', async () => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }
    await failsWith('broken', ({ response }) => response.writeHead(200, headers).end('\u001f\u008b'))
  })

  test('garbage: broken, and the socket is closed', async () => {
    for (const garbage of [
      'data: {"choices":[{]}\n\n',
      'data: null\n\n',
      '<html>provider words</html>',
      '\u0000\u0001',
    ])
      await failsWith('broken', async (exchange) => {
        exchange.open()
        await exchange.write(garbage)
        exchange.response.end()
      })
    await failsWith('broken', async (exchange) => {
      exchange.open()
      await exchange.write('data: {"choices":[{]}\n\n')
    })
    await server.exchanges.at(-1)?.closed
  })

  test.each(['reset', 'hangUp'] as const)('%s after the finish reason: the answer is whole', async (how) => {
    const sink = new RecordingSink(() => server.exchanges[0]?.[how]())
    server.answer(async (exchange) => {
      exchange.open()
      await exchange.write(
        sse({ ...textChunk('all'), choices: [{ delta: { content: 'all' }, finish_reason: 'stop' }] }),
      )
    })
    await open().generate(request, sink, never)
    expect(sink.calls).toEqual(['delta', 'finish'])
  })
})

describe('silence', () => {
  const arrived = async (): Promise<void> => {
    while (server.exchanges.length === 0) await new Promise((resolve) => setImmediate(resolve))
  }

  test('no answer at all: timeout-first-token after 60 s, and the socket is closed', async () => {
    server.answer(() => {})
    const answering = failureOf(open().generate(request, new RecordingSink(), never))
    await arrived()
    await clock.advanceAsync(59_999)
    expect(server.exchanges[0]?.response.closed).toBe(false)
    await clock.advanceAsync(1)
    expect((await answering).code).toBe('timeout-first-token')
    await server.exchanges[0]?.closed
    expect(clock.pending).toBe(0)
  })

  test('a role and comments are no token', async () => {
    const sent = gate()
    server.answer(async (exchange) => {
      exchange.open()
      await exchange.event({ choices: [{ delta: { role: 'assistant', content: '' } }] })
      await exchange.write(': still working\n\n')
      sent.open()
    })
    const answering = failureOf(open().generate(request, new RecordingSink(), never))
    await sent.opened
    await clock.advanceAsync(60_000)
    expect((await answering).code).toBe('timeout-first-token')
  })

  test('an answer that falls silent: timeout-between-tokens after 30 s', async () => {
    const sink = new RecordingSink()
    server.answer(async (exchange) => {
      exchange.open()
      await exchange.event(textChunk('so far'))
    })
    const answering = failureOf(open().generate(request, sink, never))
    await sink.firstDelta
    await clock.advanceAsync(29_999)
    expect(server.exchanges[0]?.response.closed).toBe(false)
    await clock.advanceAsync(1)
    expect((await answering).code).toBe('timeout-between-tokens')
    expect(sink.calls).toEqual(['delta'])
    await server.exchanges[0]?.closed
    expect(clock.pending).toBe(0)
  })

  test('words that came while this process stood still are read before the provider is called silent', async () => {
    const sink = new RecordingSink()
    server.answer(async (exchange) => {
      exchange.open()
      await exchange.event(textChunk('so far'))
    })
    const answering = open().generate(request, sink, never)
    await sink.firstDelta
    server.exchanges[0]?.response.end(sse(textChunk(', and on')) + sse(endChunk()))
    // Where timers fall due, before anything is read.
    setTimeout(() => {
      clock.skip(30_000)
      clock.advance(0)
    }, 1)
    standStill(20)
    await answering
    expect(sink.text).toBe('so far, and on')
  })

  test('an answer may take longer than every limit as long as it goes on', async () => {
    let heard = gate()
    const sink = new RecordingSink(() => heard.open())
    server.answer((exchange) => exchange.open())
    const answering = open().generate(request, sink, never)
    await arrived()
    for (let i = 0; i < 10; i++) {
      heard = gate()
      await server.exchanges[0]?.event(textChunk(`${i}`))
      await heard.opened
      await clock.advanceAsync(29_000)
    }
    server.exchanges[0]?.response.end(sse(endChunk()))
    await answering
    expect(sink.text).toBe('0123456789')
  })

  test('silence after the finish reason does not spoil the answer', async () => {
    const sink = new RecordingSink()
    server.answer(async (exchange) => {
      exchange.open()
      await exchange.write(sse(textChunk('all')) + sse(endChunk()))
    })
    const answering = open().generate(request, sink, never)
    await sink.firstDelta
    await clock.advanceAsync(30_000)
    await answering
    expect(sink.calls).toEqual(['delta', 'finish'])
  })

  test('limits can be set', async () => {
    server.answer(() => {})
    const model = open({ timeouts: { firstToken: 5 } })
    const answering = failureOf(model.generate(request, new RecordingSink(), never))
    await arrived()
    await clock.advanceAsync(5)
    expect((await answering).code).toBe('timeout-first-token')
  })
})

describe('abort', () => {
  test('before the call: nothing is sent', async () => {
    const error = await failureOf(open().generate(request, new RecordingSink(), AbortSignal.abort()))
    expect(error.code).toBe('aborted')
    expect(server.connections).toBe(0)
  })

  test.each(['before', 'after'])('%s the first token: the socket is closed', async (when) => {
    const controller = new AbortController()
    const sink = new RecordingSink()
    server.answer(async (exchange) => {
      if (when === 'before') return controller.abort()
      exchange.open()
      await exchange.event(textChunk('so far'))
    })
    const answering = failureOf(open().generate(request, sink, controller.signal))
    if (when === 'after') void sink.firstDelta.then(() => controller.abort())
    expect((await answering).code).toBe('aborted')
    // The clock stands still, so that only the abort itself can have closed it.
    await server.exchanges[0]?.closed
    expect(sink.finishes).toEqual([])
    expect(clock.pending).toBe(0)
  })

  test('by whoever is told that the call is under way: it is not waited for', async () => {
    const controller = new AbortController()
    const sink = new RecordingSink()
    sink.attemptUnderWay = () => controller.abort()
    server.answer(() => {})
    expect((await failureOf(open().generate(request, sink, controller.signal))).code).toBe('aborted')
    expect(clock.pending).toBe(0)
  })

  test('no word reaches the sink after the one that made it stop', async () => {
    const controller = new AbortController()
    const sink = new RecordingSink((text) => text === 'two' && controller.abort())
    server.answer(stream(textChunk('one'), textChunk('two'), textChunk('three'), endChunk(), '[DONE]'))
    const error = await failureOf(open().generate(request, sink, controller.signal))
    expect(error.code).toBe('aborted')
    expect(sink.deltas).toEqual(['one', 'two'])
    expect(sink.finishes).toEqual([])
  })

  test('wins over a finish reason that came just before', async () => {
    const controller = new AbortController()
    const sink = new RecordingSink(() => controller.abort())
    const both = { choices: [{ delta: { content: 'all' }, finish_reason: 'stop' }] }
    server.answer(stream(both, '[DONE]'))
    expect((await failureOf(open().generate(request, sink, controller.signal))).code).toBe('aborted')
  })
})

describe('attempt', () => {
  const ofCall = { provider: 'test-provider', model: 'test-model' }

  test('that completed is told with status, usage and times', async () => {
    server.answer(async (exchange) => {
      await clock.advanceAsync(250)
      stream(textChunk('a'), { ...endChunk(), usage: usage(2) }, '[DONE]')(exchange)
    })
    const startedAt = clock.now()
    const sink = new RecordingSink()
    await open().generate(request, sink, never)
    expect(sink.attempts).toEqual([
      { ...ofCall, outcome: 'completed', status: 200, usage: usage(2), startedAt, endedAt: startedAt + 250 },
    ])
  })

  test('is told when it begins, and when the status of its answer is known', async () => {
    server.answer(stream(textChunk('a'), endChunk(), '[DONE]'))
    const startedAt = clock.now()
    const sink = new RecordingSink()
    await open().generate(request, sink, never)
    const begun = { ...ofCall, outcome: null, status: null, usage: null, startedAt, endedAt: null }
    expect(sink.underWay).toEqual([begun, { ...begun, status: 200 }])
  })

  test('that broke in the middle is told with the usage counted so far', async () => {
    const counted = { ...textChunk('a'), usage: usage(1) }
    const sink = await failsWith('broken', stream(counted, { error: 'x' }))
    expect(sink.usages).toEqual([usage(1)])
    expect(sink.attempts).toMatchObject([{ ...ofCall, status: 200, usage: usage(1) }])
  })

  test('that was refused is told with its status', async () => {
    const sink = await failsWith('rejected', (exchange) => exchange.json(401, {}))
    expect(sink.attempts).toMatchObject([{ ...ofCall, status: 401, usage: null }])
  })

  test('that was reset has no status', async () => {
    expect((await failsWith('broken', (exchange) => exchange.reset())).attempts).toMatchObject([
      { ...ofCall, status: null, usage: null },
    ])
  })

  test('that was stopped is told with the usage counted so far', async () => {
    const controller = new AbortController()
    const sink = new RecordingSink(() => controller.abort())
    server.answer(stream({ ...textChunk('a'), usage: usage(1) }, endChunk()))
    await failureOf(open().generate(request, sink, controller.signal))
    expect(sink.attempts).toMatchObject([{ outcome: 'aborted', status: 200, usage: usage(1) }])
    expect(sink.usages).toEqual([usage(1)])
  })

  test('is not told when none was made', async () => {
    const sink = new RecordingSink()
    await failureOf(open().generate(request, sink, AbortSignal.abort()))
    expect(sink.attempts).toEqual([])
  })
})

test('a sink that throws is not called a failure of the provider', async () => {
  const sink = new RecordingSink(() => {
    throw new RangeError('disk full')
  })
  server.answer(async (exchange) => {
    exchange.open()
    await exchange.event(textChunk('a'))
  })
  await expect(open().generate(request, sink, never)).rejects.toThrow(RangeError)
  expect(sink.attempts).toMatchObject([{ outcome: 'aborted' }])
  await server.exchanges[0]?.closed
  expect(clock.pending).toBe(0)
})

/** A promise that a test resolves. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

/** A server that accepts connections and never says a word. */
async function listenMute(): Promise<{ port: number; close(): void }> {
  const sockets: { destroy(): void }[] = []
  const mute: Server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
  })
  mute.listen(0, '127.0.0.1')
  await once(mute, 'listening')
  return {
    // A server that listens on TCP has an address of this type.
    port: (mute.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      mute.close()
    },
  }
}
