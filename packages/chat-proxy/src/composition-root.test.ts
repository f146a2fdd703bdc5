import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createChatProxy, type ChatProxy, type ChatProxyOptions } from './composition-root.js'
import { loadConfig } from './config/load-config.js'
import { PinoLogger } from './infrastructure/logging/pino-logger.js'

const KEY = 'sk-live-0123456789abcdef'

const listening = (server: Server): Promise<string> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      // Listening on TCP, so the address has this form.
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    }),
  )

const closed = (server: Server): Promise<unknown> => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
}

/** A provider that quotes the key it was given, in every way a provider can fail. */
const talkative = (): Server =>
  createServer((request, response) => {
    const quote = { error: { message: `Incorrect API key provided: ${request.headers.authorization}` } }
    request.resume().on('end', () => {
      calls += 1
      if (calls % 2 === 1)
        return void response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(quote))
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(
        `data: {"choices":[{"index":0,"delta":{"content":"Half"}}]}\n\ndata: ${JSON.stringify(quote)}\n\n`,
      )
    })
  })

let calls = 0
let upstream: Server
let server: Server
let proxy: ChatProxy
let base: string
const logLines: string[] = []

async function mount(options: Partial<ChatProxyOptions>, path = '/'): Promise<void> {
  proxy = await createChatProxy({
    ...loadConfig({}),
    store: { kind: 'sqlite', file: ':memory:' },
    ports: {
      logger: new PinoLogger({ level: 'debug', destination: { write: (line) => void logLines.push(line) } }),
    },
    ...options,
  })
  const app = express()
  // As many host applications do it; the proxy has to live with a body that is parsed already.
  app.use(express.json())
  app.use(path, proxy.router)
  app.get('/api/v1/own', (_request, response) => void response.send('the host’s own'))
  server = createServer(app)
  base = (await listening(server)) + (path === '/' ? '' : path)
}

beforeEach(() => {
  calls = 0
  logLines.length = 0
  upstream = talkative()
})
afterEach(async () => {
  await closed(server)
  await proxy.close()
  if (upstream.listening) await closed(upstream)
})

const call = async (
  path: string,
  token: string,
  body?: unknown,
  accept = 'application/json',
): Promise<string> => {
  const response = await fetch(base + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return [...response.headers].join('\n') + (await response.text())
}

const start = async (): Promise<string> => {
  const response = await fetch(`${base}/api/v1/chat/start`, { method: 'POST' })
  // The shape is what rest.test.ts is about.
  return ((await response.json()) as { token: string }).token
}

describe('the key of the model', () => {
  test('shows in no answer and in no log line, whatever the provider says', async () => {
    const baseUrl = await listening(upstream)
    await mount({
      model: {
        kind: 'chain',
        providers: [{ name: 'custom', baseUrl, apiKey: KEY, model: 'm', quirks: {} }],
        retryUnknown: false,
        breaker: { failures: 5, pauseMs: 30_000 },
      },
    })
    const token = await start()
    const seen: string[] = [await call('/api/v1/conversations', token, { id: 'c_00001' })]
    for (const run_id of ['run_01', 'run_02', 'run_03', 'run_04']) {
      const accept = run_id > 'run_02' ? 'text/event-stream' : 'application/json'
      seen.push(
        await call('/api/v1/conversations/c_00001/messages', token, { content: 'Hello?', run_id }, accept),
      )
      seen.push(
        await call(`/api/v1/runs/${run_id}`, token),
        await call(`/api/v1/runs/${run_id}/events`, token),
      )
    }
    seen.push(await call('/api/v1/conversations/c_00001', token), await call('/readyz', token))
    expect(calls).toBe(4)
    expect(seen.join('\n')).toContain('upstream_rejected')
    expect(seen.join('\n')).toContain('upstream_broken')
    expect(logLines.join('\n')).toContain('the generation failed')
    for (const text of [...seen, ...logLines]) {
      expect(text).not.toContain(KEY)
      expect(text).not.toContain('Incorrect API key')
    }
  })
})

describe('mounted in an application', () => {
  test('works below a path, after a body parser, and leaves other routes alone', async () => {
    await mount({}, '/chat')
    const token = await start()
    expect(await call('/api/v1/conversations', token, { id: 'c_00001', title: 'Mine' })).toContain(
      '"title":"Mine"',
    )
    expect(await (await fetch(`${new URL(base).origin}/api/v1/own`)).text()).toBe('the host’s own')
  })

  test('leaves unknown addresses to the application, also its own /api/v1', async () => {
    await mount({})
    expect(await (await fetch(`${base}/api/v1/own`)).text()).toBe('the host’s own')
  })
})

describe('numbers in options', () => {
  const refused = async (options: Partial<ChatProxyOptions>): Promise<unknown> =>
    createChatProxy({ ...loadConfig({}), store: { kind: 'sqlite', file: ':memory:' }, ...options }).catch(
      (error: unknown) => error,
    )
  const { settings, tenant } = loadConfig({})
  const { model: UNPRICED } = loadConfig({ LLM_BASE_URL: 'http://127.0.0.1:1/v1', LLM_MODEL: 'nobody-knows' })

  test.each([
    [{ instances: 0 }, 'instances: must be a whole number from 1 to 1000'],
    [
      { trustProxy: { kind: 'hops' as const, hops: 1000 } },
      'trustProxy.hops: must be a whole number from 1 to 10',
    ],
    [{ sessionTtlSeconds: Number.NaN }, 'sessionTtlSeconds: must be a whole number from 60 to 2592000'],
    [
      { settings: { ...settings, heartbeatMs: 2_000_000 } },
      'settings.heartbeatMs: must be a whole number from 1000 to 60000',
    ],
    [
      { tenant: { ...tenant, limits: { ...tenant.limits, messagesPerDay: { user: 0.5 } } } },
      'tenant.limits.messagesPerDay.user: must be a whole number from 0 to 1000000000, or null',
    ],
    [
      { tenant: { ...tenant, flags: { ...tenant.flags, rolloutPercent: 101 } } },
      'tenant.flags.rolloutPercent: must be at most 100',
    ],
    [
      {
        settings: {
          ...settings,
          budget: {
            ...settings.budget,
            installation: { ...settings.budget.installation, tokensPerDay: 100 },
          },
        },
      },
      'settings.budget.installation.tokensPerDay: leaves no room for a single answer of MAX_ANSWER_TOKENS; raise it, or lower that',
    ],
    [
      { tenant: { ...tenant, limits: { ...tenant.limits, tokensPerDay: { user: 100, tenant: null } } } },
      'tenant.limits.tokens_per_day.user: leaves no room for a single answer of MAX_ANSWER_TOKENS; raise it, or lower that',
    ],
    [
      {
        model: UNPRICED,
        tenant: { ...tenant, limits: { ...tenant.limits, moneyPerDay: { user: 5_000_000, tenant: null } } },
      },
      'tenant.limits: a budget needs the price of every model in PRICES, and it has those of LLM_PROVIDER',
    ],
  ])(
    'that the environment would not take are refused before anything is opened: %#',
    async (options, problem) => {
      expect(await refused(options)).toMatchObject({ name: 'ConfigError', problems: [problem] })
    },
  )
})
