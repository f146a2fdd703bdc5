import { context, propagation, trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answering, USAGE } from '../../application/testing/scripted-model.js'
import { ModelError } from '../../domain/model-error.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })

let world: HttpWorld
beforeEach(async () => {
  world = await createHttpWorld()
  await world.conversation()
  exporter.reset()
})
afterEach(() => world.close())

const MESSAGES = '/api/v1/conversations/c_00001/messages'
const send = async (headers: Record<string, string> = {}) => {
  const body = { content: 'a-marked-question', run_id: 'run_01' }
  const answer = await world.call(MESSAGES, { method: 'POST', body, headers })
  // Spans of answers end behind what their readers are told.
  await world.useCases.generations.drain(0)
  return answer
}

/** The spans of one name that have ended. */
const spans = (name: string): readonly ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === name)

const only = (name: string): ReadableSpan => {
  const [span, ...others] = spans(name)
  if (!span || others.length > 0)
    expect.fail(
      `${name}: ${exporter
        .getFinishedSpans()
        .map((one) => one.name)
        .join(', ')}`,
    )
  return span
}

test('without an SDK nothing is made of spans, and everything is answered', async () => {
  world.model.script = answering('Hello.')
  expect((await send()).status).toBe(200)
  expect(exporter.getFinishedSpans()).toEqual([])
})

describe('with an SDK', () => {
  beforeAll(() => provider.register())
  afterAll(async () => {
    await provider.shutdown()
    for (const api of [trace, context, propagation]) api.disable()
  })

  test('a request holds its run, and the run the calls of providers', async () => {
    world.model.script = (call) => {
      const at = world.clock.now()
      const attempt = { provider: 'scripted', model: 'scripted-1', startedAt: at, endedAt: at, status: 200 }
      call
        .say('Hello.')
        .attempt({ ...attempt, outcome: 'completed', usage: USAGE })
        .end('stop', USAGE)
    }
    await send({ 'x-request-id': 'request_01' })
    const request = only(`POST /api/v1/conversations/:id/messages`)
    const run = only('run')
    const attempt = only('upstream attempt')
    expect(run.parentSpanContext?.spanId).toBe(request.spanContext().spanId)
    expect(attempt.parentSpanContext?.spanId).toBe(run.spanContext().spanId)
    expect(new Set([request, run, attempt].map((span) => span.spanContext().traceId)).size).toBe(1)
    expect(request.attributes).toEqual({
      'colloquy.request.id': 'request_01',
      'colloquy.tenant.id': 'default',
      'colloquy.run.id': 'run_01',
      'http.request.method': 'POST',
      'http.route': '/api/v1/conversations/:id/messages',
      'http.response.status_code': 200,
    })
    expect(run.attributes).toEqual({
      'colloquy.tenant.id': 'default',
      'colloquy.run.id': 'run_01',
      'gen_ai.conversation.id': 'c_00001',
    })
    expect(attempt.attributes).toEqual({
      'gen_ai.provider.name': 'scripted',
      'gen_ai.request.model': 'scripted-1',
      'colloquy.attempt.outcome': 'completed',
      'http.response.status_code': 200,
      'gen_ai.usage.input_tokens': USAGE.prompt_tokens,
      'gen_ai.usage.output_tokens': USAGE.completion_tokens,
    })
  })

  test('failures are told by our own words alone', async () => {
    world.model.script = (call) => call.fail(new ModelError('broken', 'a-marked-message'))
    await send()
    expect(only('upstream attempt').status).toEqual({ code: 2, message: 'broken' })
    expect(only('run').status).toEqual({ code: 2, message: 'failed' })
  })

  test('no span has content, tokens of callers or what a provider said', async () => {
    world.model.script = (call) => call.say('a-marked-answer').fail(new Error('a-marked-message'))
    await world.call(`/api/v1/conversations/c_a-marked-id?query=a-marked-query`, { token: 'a-marked-token' })
    await world.call('/v1/chat/completions', {
      method: 'POST',
      body: { model: 'scripted-1', messages: [{ role: 'user', content: 'a-marked-question' }] },
    })
    await send({ 'x-marked': 'a-marked-header' })
    const told = exporter
      .getFinishedSpans()
      .map(({ name, attributes, status, events }) => ({ name, attributes, status, events }))
    expect(told.map(({ name }) => name)).toContain('completion')
    expect(JSON.stringify(told)).not.toContain('a-marked')
    expect(JSON.stringify(told)).not.toContain(world.token)
  })
})
