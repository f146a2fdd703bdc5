import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { context, propagation, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createChatProxy, loadConfig, type ChatProxy } from '../../src/index.js'
import { PinoLogger } from '../../src/infrastructure/logging/pino-logger.js'
import { NO_LIMITS_ENV } from '../support/no-limits.js'
import { TalkativeProvider, type Mood } from '../support/talkative-provider.js'

/**
 * Words that can stand nowhere by chance are planted as keys, tokens, questions, answers and all else that a person or a
 * provider writes. Then everything that can be done is done, well and badly, and the places that operators look at are read.
 */
const planted = (what: string): string => `planted-${what}-7f3c9a51e8d24b06`

const SECRET = {
  modelKey: planted('model-key'),
  adminToken: planted('admin-token'),
  metricsToken: planted('metrics-token'),
  identitySecret: planted('identity-secret'),
  badToken: planted('bad-token'),
  cookie: planted('cookie'),
  provider: planted('words-of-the-provider'),
}
const CONTENT = {
  question: planted('question'),
  title: planted('title'),
  comment: planted('comment'),
  search: planted('search'),
  systemPrompt: planted('system-prompt'),
  greeting: planted('greeting'),
  reason: planted('reason'),
  path: planted('path'),
  agent: planted('user-agent'),
  field: planted('field'),
}

const exporter = new InMemorySpanExporter()
const tracing = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
const prepared = vi.spyOn(DatabaseSync.prototype, 'prepare')
const executed = vi.spyOn(DatabaseSync.prototype, 'exec')
const logLines: string[] = []
/** Bodies and headers of every answer that refused or failed. */
const refusals: string[] = []
const ids = new Set<string>()
let provider: TalkativeProvider
let proxy: ChatProxy
let server: Server
let base: string
let token: string
let metrics: string
/** Texts of all statements that the database was given. */
let statements: string

beforeAll(async () => {
  tracing.register()
  provider = await TalkativeProvider.open(SECRET.provider)
  const config = loadConfig({
    ...NO_LIMITS_ENV,
    LLM_BASE_URL: provider.baseUrl,
    LLM_MODEL: 'model-1',
    LLM_API_KEY: SECRET.modelKey,
    LLM_BREAKER_FAILURES: '1000',
    ADMIN_TOKEN: SECRET.adminToken,
    METRICS_TOKEN: SECRET.metricsToken,
    IDENTITY_SECRET: SECRET.identitySecret,
    IDENTITY_ISSUER: 'https://issuer.example',
    IDENTITY_AUDIENCE: 'chat',
    SYSTEM_PROMPT: CONTENT.systemPrompt,
    GREETING: CONTENT.greeting,
    CONTEXT_SUMMARY: 'true',
    TITLES: 'model',
  })
  proxy = await createChatProxy({
    ...config,
    store: { kind: 'sqlite', file: ':memory:' },
    ports: {
      logger: new PinoLogger({ level: 'debug', destination: { write: (line) => void logLines.push(line) } }),
    },
  })
  server = createServer(express().use(proxy.router).use(proxy.notFound))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on TCP, so the address has this form.
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await doEverything()
  statements = [...prepared.mock.calls, ...executed.mock.calls].map(([sql]) => sql).join('\n')
}, 120_000)

afterAll(async () => {
  vi.restoreAllMocks()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await proxy.close()
  await provider.close()
  await tracing.shutdown()
  for (const api of [trace, context, propagation]) api.disable()
})

interface Call {
  readonly body?: unknown
  readonly token?: string
  readonly headers?: Record<string, string>
}

async function call(method: string, path: string, { body, token: own = token, headers }: Call = {}) {
  const response = await fetch(base + path, {
    method,
    headers: {
      authorization: `Bearer ${own}`,
      'user-agent': CONTENT.agent,
      cookie: `session=${SECRET.cookie}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  ids.add(response.headers.get('x-request-id') ?? '')
  if (response.status >= 400) refusals.push(`${response.status} ${[...response.headers].join()} ${text}`)
  return { status: response.status, text }
}

const CONVERSATION = '/api/v1/conversations/c_00001'
const MOODS: readonly Mood[] = [
  'answers',
  'breaks off',
  'answers nonsense',
  'refuses the key',
  'is overloaded',
]

async function doEverything(): Promise<void> {
  const started = await call('POST', '/api/v1/chat/start')
  // The shape is what rest.test.ts is about.
  ;({ token } = JSON.parse(started.text) as { token: string })
  await call('POST', '/api/v1/conversations', { body: { id: 'c_00001', title: CONTENT.title } })
  for (const [index, mood] of MOODS.entries()) await ask(mood, index)
  await useWhatIsThere()
  await manage()
  await beWrong()
  metrics = (await call('GET', '/metrics', { token: SECRET.metricsToken })).text
  await call('DELETE', '/api/v1/me')
  await proxy.drain(0)
}

/** In every way in which a question can be asked. */
async function ask(mood: Mood, index: number): Promise<void> {
  provider.mood = mood
  const content = CONTENT.question
  const accept = { accept: 'text/event-stream' }
  await call('POST', `${CONVERSATION}/messages`, { body: { content, run_id: `run_json_${index}` } })
  await call('POST', `${CONVERSATION}/messages`, {
    body: { content, run_id: `run_sse_${index}` },
    headers: accept,
  })
  await call('GET', `/api/v1/runs/run_sse_${index}/events?after=${CONTENT.path}`)
  await call('POST', '/api/v1/chat', { body: { message: content } })
  await call('POST', '/api/v1/ui/chat', {
    body: {
      id: `c_ui_${index}`,
      messages: [{ id: 'm1', role: 'user', parts: [{ type: 'text', text: content }] }],
    },
  })
  const messages = [{ role: 'user', content }]
  for (const stream of [true, false])
    await call('POST', '/v1/chat/completions', {
      body: { model: 'model-1', stream, messages, user: CONTENT.field },
    })
}

async function useWhatIsThere(): Promise<void> {
  await call('PATCH', CONVERSATION, { body: { title: `${CONTENT.title} again` } })
  await call('GET', `/api/v1/conversations?query=${CONTENT.search}`)
  await call('GET', '/api/v1/me/export?format=markdown')
  const { text } = await call('GET', CONVERSATION)
  // The shape is what rest.test.ts is about.
  const { messages } = JSON.parse(text) as { messages: { id: string; role: string }[] }
  const answer = messages.find(({ role }) => role === 'assistant')
  await call('POST', `/api/v1/messages/${answer?.id}/feedback`, {
    body: { rating: 'down', comment: CONTENT.comment },
  })
}

async function manage(): Promise<void> {
  const by = { token: SECRET.adminToken }
  const identity = { secret: SECRET.identitySecret, issuer: 'https://issuer.example', audience: 'chat' }
  const tenant = { publishable_keys: ['pk_shop'], system_prompt: CONTENT.systemPrompt, identity }
  await call('PUT', '/api/v1/admin/tenants/shop', { ...by, body: tenant })
  await call('PATCH', '/api/v1/admin/tenants/shop', { ...by, body: { greeting: CONTENT.greeting } })
  await call('PATCH', '/api/v1/admin/tenants/shop', {
    ...by,
    body: { [CONTENT.field]: SECRET.identitySecret },
  })
  const turned = { scope: 'tenant', tenant: 'shop', off: true, reason: CONTENT.reason }
  await call('PUT', '/api/v1/admin/kill-switches', { ...by, body: turned })
}

async function beWrong(): Promise<void> {
  const broken = `{"content":"${CONTENT.question}`
  for (const own of [SECRET.badToken, `a.${SECRET.badToken}.c`]) {
    await call('GET', '/api/v1/conversations', { token: own })
    await call('GET', '/api/v1/admin/tenants', { token: own })
    await call('GET', '/metrics', { token: own })
  }
  await call('POST', `${CONVERSATION}/messages`, { body: broken })
  await call('POST', `${CONVERSATION}/messages`, { body: { content: { [CONTENT.field]: CONTENT.question } } })
  await call('POST', `${CONVERSATION}/messages`, {
    body: { content: CONTENT.question },
    headers: { 'idempotency-key': `${CONTENT.path} !` },
  })
  await call('GET', `/${CONTENT.path}?${CONTENT.search}`)
  await call('POST', '/api/v1/chat', {
    body: { message: CONTENT.question },
    headers: { 'x-tenant-id': CONTENT.path },
  })
  await call('POST', '/v1/chat/completions', { body: { model: CONTENT.path, messages: [] } })
}

const all = { ...SECRET, ...CONTENT }

describe('what was planted', () => {
  test('went where it was meant to go', () => {
    const heard = provider.heard.join('\n')
    for (const marker of [SECRET.modelKey, CONTENT.question, CONTENT.systemPrompt])
      expect(heard).toContain(marker)
    expect(refusals.length).toBeGreaterThan(15)
    expect(refusals.join('\n')).toMatch(/"type":"AuthenticationError"/)
    expect(refusals.join('\n')).toMatch(/"type":"ServiceUnavailableError"/)
  })

  test('stands in no line of the log, at its most talkative level', () => {
    const log = logLines.join('')
    for (const line of [
      'the generation failed',
      'a completion failed',
      'answered',
      'somebody tried a wrong operator token',
    ])
      expect(log).toContain(`"message":"${line}"`)
    for (const [what, marker] of Object.entries(all))
      expect([what, log.includes(marker)]).toEqual([what, false])
    expect(log).not.toContain(token)
  })

  test('stands in no metric', () => {
    expect(metrics).toContain(
      'colloquy_upstream_calls_total{provider="custom",model="model-1",outcome="rejected"}',
    )
    for (const marker of [...Object.values(all), token]) expect(metrics).not.toContain(marker)
  })

  test('stands in no span', () => {
    const spans = exporter
      .getFinishedSpans()
      .map(({ name, attributes, status, events }) => JSON.stringify({ name, attributes, status, events }))
    expect(spans.length).toBeGreaterThan(50)
    for (const marker of [...Object.values(all), token]) expect(spans.join('\n')).not.toContain(marker)
  })

  test('stands in no text of a statement to the database, but in its parameters', () => {
    expect(statements).toMatch(/insert into "?messages"?/)
    expect(statements).toMatch(/\?/)
    for (const marker of [...Object.values(all), token, 'c_00001', 'run_json_1'])
      expect(statements).not.toContain(marker)
  })

  test('stands in no refusal, where it is a secret or somebody else’s words', () => {
    for (const [what, marker] of Object.entries(SECRET))
      expect([what, refusals.filter((text) => text.includes(marker))]).toEqual([what, []])
    for (const text of refusals) expect(text).not.toContain(CONTENT.question)
  })
})

test('lines of the log tell request, tenant and run', () => {
  const lines = logLines.map((line): unknown => JSON.parse(line))
  expect(lines).toContainEqual(
    expect.objectContaining({
      message: 'answered',
      requestId: expect.any(String),
      tenantId: 'default',
      runId: 'run_sse_0',
      route: '/api/v1/conversations/:id/messages',
      status: 200,
    }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'the generation failed', tenantId: 'default', runId: 'run_json_1' }),
  )
  const told = new Set(logLines.map((line) => /"requestId":"([^"]+)"/.exec(line)?.[1]))
  for (const id of ids) expect(told).toContain(id)
})
