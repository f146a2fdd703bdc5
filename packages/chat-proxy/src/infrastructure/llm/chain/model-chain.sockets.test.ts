import { LLMock } from '@copilotkit/aimock'
import { seededRandom } from '@colloquy/chat-core/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../../domain/model-error.js'
import { SystemClock } from '../../time/system-clock.js'
import { OpenAiModel } from '../openai-model.js'
import { CuttingServer, type Cut } from '../testing/cutting-server.js'
import { endChunk, FaultServer, sse, textChunk } from '../testing/fault-server.js'
import { RecordingSink } from '../testing/recording-sink.js'
import { ModelChain, type ModelChainOptions } from './model-chain.js'

/** Chains of real models over real sockets. */
const clock = new SystemClock()
const request = { messages: [{ role: 'user', content: 'Hello?' }] } as const
const never = new AbortController().signal

const provider = (name: string, baseUrl: string) => ({
  name,
  model: new OpenAiModel({ provider: name, baseUrl, apiKey: 'key', model: `${name}-model`, clock }),
})
const chainOf = (
  providers: ModelChainOptions['providers'],
  { retry, ...options }: Partial<ModelChainOptions> = {},
): ModelChain => new ModelChain({ providers, clock, retry: { firstWait: 1, ...retry }, ...options })

const outcomesOf = ({ attempts }: RecordingSink): string[] =>
  attempts.map(({ provider: name, outcome, status }) => `${name} ${outcome} ${status}`)

let server: FaultServer
beforeEach(async () => {
  server = await FaultServer.open()
})
afterEach(() => server.close())

describe('with aimock as the second provider', () => {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', chunkSize: 5 })
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
  beforeEach(async () => {
    await mock.start()
    mock.onMessage('Hello?', { content: 'Hi from aimock', usage })
  })
  afterEach(() => mock.stop())

  const ask = async (): Promise<RecordingSink> => {
    const sink = new RecordingSink()
    await chainOf([provider('ours', server.baseUrl), provider('aimock', `${mock.url}/v1`)]).generate(
      request,
      sink,
      never,
    )
    expect(sink.text).toBe('Hi from aimock')
    expect(sink.finishes).toEqual(['stop'])
    expect(sink.usages).toEqual([usage])
    return sink
  }

  test('a 500 that stays is asked three times', async () => {
    server.answer((exchange) => exchange.json(500, { error: 'x' }))
    expect(outcomesOf(await ask())).toEqual([
      'ours unavailable 500',
      'ours unavailable 500',
      'ours unavailable 500',
      'aimock completed 200',
    ])
  })

  test('a 429 that names a long time is asked once', async () => {
    server.answer((exchange) => exchange.json(429, {}, { 'retry-after': '3600' }))
    expect(outcomesOf(await ask())).toEqual(['ours unavailable 429', 'aimock completed 200'])
  })

  test('a bad key is asked once', async () => {
    server.answer((exchange) => exchange.json(401, {}))
    expect(outcomesOf(await ask())).toEqual(['ours rejected 401', 'aimock completed 200'])
  })

  test('a provider that cannot be reached is tried three times', async () => {
    const gone = server
    server = await FaultServer.open()
    const baseUrl = gone.baseUrl
    await gone.close()
    const sink = new RecordingSink()
    await chainOf([provider('ours', baseUrl), provider('aimock', `${mock.url}/v1`)]).generate(
      request,
      sink,
      never,
    )
    expect(outcomesOf(sink)).toEqual([
      'ours unavailable null',
      'ours unavailable null',
      'ours unavailable null',
      'aimock completed 200',
    ])
  })

  test('an answer that begins and breaks is not answered a second time', async () => {
    const sink = new RecordingSink()
    server.answer(async (exchange) => {
      exchange.open()
      await exchange.event(textChunk('Half'))
      await sink.firstDelta
      exchange.reset()
    })
    const chain = chainOf([provider('ours', server.baseUrl), provider('aimock', `${mock.url}/v1`)], {
      retry: { retryUnknown: true },
    })
    await expect(chain.generate(request, sink, never)).rejects.toMatchObject({ code: 'broken' })
    expect(sink.text).toBe('Half')
    expect(outcomesOf(sink)).toEqual(['ours broken 200'])
  })
})

test('a 502 and then a good answer is a good answer', async () => {
  server.answer(
    (exchange) => exchange.json(502, {}),
    (exchange) => {
      exchange.open()
      exchange.response.end(sse(textChunk('Good')) + sse(endChunk()) + sse('[DONE]'))
    },
  )
  const sink = new RecordingSink()
  await chainOf([provider('ours', server.baseUrl)]).generate(request, sink, never)
  expect(sink.text).toBe('Good')
  expect(outcomesOf(sink)).toEqual(['ours unavailable 502', 'ours completed 200'])
})

describe('stop', () => {
  const STREAMS = 25
  const stopAll = async (hear: 'before' | 'after'): Promise<void> => {
    server.answer(async (exchange) => {
      if (hear === 'before') return
      exchange.open()
      await exchange.event(textChunk('so far'))
    })
    const chain = chainOf([provider('ours', server.baseUrl)])
    const controller = new AbortController()
    const sinks = Array.from({ length: STREAMS }, () => new RecordingSink())
    const codes = sinks.map((sink) =>
      chain.generate(request, sink, controller.signal).then(
        () => 'completed',
        (error: ModelError) => error.code,
      ),
    )
    if (hear === 'after') await Promise.all(sinks.map(({ firstDelta }) => firstDelta))
    await expect.poll(() => server.exchanges.length, { interval: 1 }).toBe(STREAMS)
    let closed = 0
    for (const exchange of server.exchanges) void exchange.closed.then(() => closed++)
    expect(closed).toBe(0)
    controller.abort()
    expect(new Set(await Promise.all(codes))).toEqual(new Set(['aborted']))
    // The provider's own silence limits are far away: only the stop can have closed them.
    await expect.poll(() => closed, { interval: 1 }).toBe(STREAMS)
    expect(server.openSockets).toBe(0)
    expect(chain.health).toMatchObject([{ state: 'closed' }])
  }

  test('closes every upstream socket of answers under way', () => stopAll('after'))

  test('closes every upstream socket of answers that have not begun', () => stopAll('before'))
})

describe('a provider whose connections break at any byte', () => {
  const WORDS = ['Grüße ', '👋 and ', 'a rather ', 'ordinary ', 'answer.']
  const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n'
  const words = Buffer.from(HEAD + WORDS.map((word) => sse(textChunk(word))).join(''))
  const answer = Buffer.concat([words, Buffer.from(sse(endChunk()) + sse('[DONE]'))])
  const WHOLE = WORDS.join('')

  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
  const RUNS = 400
  const AT_ONCE = 20

  test.each([false, true])(
    `${RUNS} runs end in a known way, with nothing left open (retryUnknown: %s, SEED=${seed})`,
    async (retryUnknown) => {
      const random = seededRandom(seed)
      const nextCut = (): Cut => ({
        at: Math.floor(random() * (answer.length + 1)),
        kind: random() < 0.7 ? 'reset' : 'hangUp',
      })
      const uncaught: unknown[] = []
      const note = (error: unknown): void => void uncaught.push(error)
      process.on('unhandledRejection', note).on('uncaughtException', note)
      const cutting = await CuttingServer.open(answer, nextCut)
      try {
        const chain = chainOf([provider('one', cutting.baseUrl), provider('two', cutting.baseUrl)], {
          retry: { retryUnknown },
          breaker: { failures: Infinity },
          random,
        })
        const sinks: RecordingSink[] = []
        const run = async (): Promise<void> => {
          const sink = new RecordingSink()
          sinks.push(sink)
          const outcome = await chain.generate(request, sink, never).then(
            () => 'completed',
            (error: unknown) => (error instanceof ModelError ? error.code : error),
          )
          expect(['completed', 'broken']).toContain(outcome)
          expect(WHOLE.startsWith(sink.text)).toBe(true)
          expect(sink.finishes).toEqual(outcome === 'completed' ? ['stop'] : [])
          if (outcome === 'completed') expect(sink.text).toBe(WHOLE)
          expect(sink.attempts.at(-1)?.outcome).toBe(outcome)
          expect(sink.attempts.length).toBeLessThanOrEqual(retryUnknown ? 2 : 1)
        }
        for (let done = 0; done < RUNS; done += AT_ONCE)
          await Promise.all(Array.from({ length: AT_ONCE }, run))
        expect(sinks).toHaveLength(RUNS)
        const outcomes = new Set(sinks.map(({ attempts }) => attempts.at(-1)?.outcome))
        expect(outcomes).toEqual(new Set(['completed', 'broken']))
        // No call was made that is not told, and none told that was not made.
        expect(sinks.reduce((sum, { attempts }) => sum + attempts.length, 0)).toBe(cutting.requests)
        await expect.poll(() => cutting.openSockets, { interval: 1 }).toBe(0)
        expect(uncaught).toEqual([])
      } finally {
        process.off('unhandledRejection', note).off('uncaughtException', note)
        await cutting.close()
      }
    },
  )
})
