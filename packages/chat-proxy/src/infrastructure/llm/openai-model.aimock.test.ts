import { LLMock } from '@copilotkit/aimock'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ModelError } from '../../domain/model-error.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { answerParser, DONE } from './answer-parser.js'
import { CollectingListener } from './testing/collecting-listener.js'
import { OpenAiModel } from './openai-model.js'
import { RecordingSink } from './testing/recording-sink.js'

/** Against an OpenAI-compatible server that is not of our making. */
const mock = new LLMock({ port: 0, host: '127.0.0.1', chunkSize: 7 })
const LONG = 'The quick brown fox – Größe 漢字 👋 – jumps over **the** lazy dog.\n\n- one\n- two\n'
const never = new AbortController().signal
const question = (content: string) => ({ messages: [{ role: 'user', content }] as const })
const open = (): OpenAiModel =>
  new OpenAiModel({
    provider: 'aimock',
    baseUrl: `${mock.url}/v1`,
    apiKey: 'test',
    model: 'gpt-4o',
    clock: new FakeClock(),
  })

const ask = async (content: string): Promise<RecordingSink> => {
  const sink = new RecordingSink()
  await open().generate(question(content), sink, never)
  return sink
}
const failureOf = async (content: string, sink = new RecordingSink()): Promise<ModelError> => {
  const error: unknown = await open()
    .generate(question(content), sink, never)
    .catch((thrown: unknown) => thrown)
  if (!(error instanceof ModelError)) throw error
  expect(sink.finishes).toEqual([])
  return error
}

beforeAll(() => mock.start())
afterEach(() => void mock.clearChaos().reset())
afterAll(() => mock.stop())

describe('OpenAiModel against aimock', () => {
  test('streams an answer with its finish reason and usage', async () => {
    const usage = { prompt_tokens: 11, completion_tokens: 22, total_tokens: 33 }
    mock.onMessage('tell me', { content: LONG, usage })
    const sink = await ask('tell me')
    expect(sink.text).toBe(LONG)
    expect(sink.deltas.length).toBeGreaterThan(5)
    expect(sink.finishes).toEqual(['stop'])
    expect(sink.usages).toEqual([usage])
    expect(sink.calls.slice(-2)).toEqual(['finish', 'usage'])
  })

  test('passes on why an answer ended', async () => {
    mock.onMessage('cut', { content: 'short', finishReason: 'length' })
    expect((await ask('cut')).finishes).toEqual(['length'])
  })

  test('tells reasoning from text', async () => {
    mock.onMessage('think', { content: 'the answer', reasoning: 'the long way to it' })
    const sink = await ask('think')
    expect(sink.text).toBe('the answer')
    expect(sink.thoughts).toBe('the long way to it')
  })

  test('passes on the calls of tools, and takes their results', async () => {
    const toolCalls = [
      { id: 'call_1', name: 'weather', arguments: '{"city":"Köln"}' },
      { id: 'call_2', name: 'time', arguments: '{}' },
    ]
    mock.onMessage('plan', { toolCalls })
    const sink = new RecordingSink()
    const tools = [{ name: 'weather', parameters: { type: 'object' } }, { name: 'time' }]
    await open().generate({ ...question('plan'), tools, toolChoice: 'auto' }, sink, never)
    expect(sink.wholeToolCalls).toEqual(toolCalls)
    expect(sink.finishes).toEqual(['tool_calls'])
    expect(mock.getLastRequest()?.body).toMatchObject({
      tool_choice: 'auto',
      tools: [{ type: 'function' }, {}],
    })

    mock.onToolResult('call_1', { content: 'It rains.' })
    const after = [
      ...question('plan').messages,
      { role: 'assistant', content: '', toolCalls },
      { role: 'tool', toolCallId: 'call_2', content: '12:00' },
      { role: 'tool', toolCallId: 'call_1', content: 'rain' },
    ] as const
    const result = new RecordingSink()
    mock.clearFixtures()
    mock.onToolResult('call_1', { content: 'It rains.' })
    await open().generate({ messages: after, tools }, result, never)
    expect(result.text).toBe('It rains.')
  })

  test('sends the whole conversation', async () => {
    mock.onMessage('and now?', { content: 'ok' })
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'before' },
      { role: 'assistant', content: 'yes' },
      { role: 'user', content: 'and now?' },
    ] as const
    await open().generate({ messages }, new RecordingSink(), never)
    expect(mock.getLastRequest()?.body).toMatchObject({ model: 'gpt-4o', stream: true, messages })
  })

  test('reads its answer also when it is not streamed', async () => {
    mock.onMessage('whole', { content: LONG })
    const response = await fetch(`${mock.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
      body: JSON.stringify({ model: 'gpt-4o', ...question('whole') }),
    })
    const listener = new CollectingListener()
    expect(response.headers.get('content-type')).toContain('application/json')
    const parser = answerParser(true, listener)
    parser.push(Buffer.from(await response.bytes()))
    parser.end()
    expect(listener.events).toMatchObject([{ text: LONG, finishReason: 'stop', isFailure: false }, DONE])
  })

  test.each([
    [401, 'rejected'],
    [404, 'rejected'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('its %i is %s', async (status, code) => {
    mock.nextRequestError(status, { message: 'planted words', type: 'x', code: 'planted_code' })
    const error = await failureOf('anything')
    expect(error).toMatchObject({ code, status })
    expect(error.message).not.toContain('planted')
  })

  test('its rate limit says how long to wait', async () => {
    mock.setChaos({ rateLimitRate: 1 })
    mock.onMessage('x', { content: 'never' })
    const error = await failureOf('x')
    expect(error).toMatchObject({ code: 'unavailable', status: 429 })
    expect(error.retryAfter).toBeGreaterThan(0)
  })

  test('its malformed answer is broken', async () => {
    mock.setChaos({ malformedRate: 1 })
    mock.onMessage('x', { content: 'never' })
    expect((await failureOf('x')).code).toBe('broken')
  })

  test('its lost connection is broken', async () => {
    mock.setChaos({ disconnectRate: 1 })
    mock.onMessage('x', { content: 'never' })
    expect((await failureOf('x')).code).toBe('broken')
  })

  test('its answer that is cut off is broken, and what came is kept', async () => {
    mock.onMessage('x', { content: LONG }, { truncateAfterChunks: 4, latency: 20 })
    const sink = new RecordingSink()
    expect((await failureOf('x', sink)).code).toBe('broken')
    expect(sink.text).not.toBe('')
    expect(LONG.startsWith(sink.text)).toBe(true)
  })

  test('a stop ends its answer', async () => {
    mock.onMessage('x', { content: LONG }, { latency: 5 })
    const controller = new AbortController()
    const sink = new RecordingSink(() => controller.abort())
    const error: unknown = await open()
      .generate(question('x'), sink, controller.signal)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'aborted' })
    expect(sink.deltas.length).toBe(1)
  })
})
