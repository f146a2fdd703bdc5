import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, expect, test } from 'vitest'
import { createChatProxy, type ChatProxy } from '../composition-root.js'
import { loadConfig } from '../config/load-config.js'

const TOKEN = 'the-token-of-the-monitor'
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // Listening on TCP, so the address has this form.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A proxy as the environment describes it, in an application that has a page of its own at `/metrics`. */
async function mounted(env: Record<string, string>): Promise<{ proxy: ChatProxy; base: string }> {
  const config = loadConfig({ LOG_LEVEL: 'silent', ...env })
  const proxy = await createChatProxy({ ...config, store: { kind: 'sqlite', file: ':memory:' } })
  closing.push(() => proxy.close())
  const app = express().use(proxy.router)
  app.get('/metrics', (_request, response) => void response.send('the host’s own'))
  return { proxy, base: await listening(createServer(app)) }
}

const metricsOf = async (base: string): Promise<string> =>
  (await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text()

test('without a token or a port of their own there are none, and the path is left to others', async () => {
  const { proxy, base } = await mounted({})
  expect(await metricsOf(base)).toBe('the host’s own')
  expect(proxy.metrics).toBeNull()
})

test('with a port of their own they are not on the other one', async () => {
  const { proxy, base } = await mounted({ METRICS_PORT: '9464' })
  expect(await metricsOf(base)).toBe('the host’s own')
  const own = await listening(createServer(express().use(proxy.metrics ?? expect.fail())))
  expect(await (await fetch(own)).text()).toContain('colloquy_database_up 1')
})

test('a port of their own asks for the token where there is one', async () => {
  const { proxy } = await mounted({ METRICS_PORT: '9464', METRICS_TOKEN: TOKEN })
  const own = await listening(createServer(express().use(proxy.metrics ?? expect.fail())))
  expect((await fetch(own)).status).toBe(401)
  expect(await metricsOf(own)).toContain('colloquy_database_up 1')
})

test('tell that limits are counted by this process alone, because Redis is away', async () => {
  const { base } = await mounted({ METRICS_TOKEN: TOKEN, REDIS_URL: 'redis://127.0.0.1:1' })
  expect(await metricsOf(base)).toContain('colloquy_rate_limits_shared 1\n')
  expect((await fetch(`${base}/api/v1/chat/start`, { method: 'POST' })).status).toBe(201)
  const text = await metricsOf(base)
  expect(text).toContain('colloquy_rate_limits_shared 0\n')
  expect(text).toContain('colloquy_redis_up 0')
})

test('tell that nothing is away where there is no Redis', async () => {
  const { base } = await mounted({ METRICS_TOKEN: TOKEN })
  expect(await metricsOf(base)).toContain('colloquy_rate_limits_shared 1\n')
})

test('tell of a provider that fails: each try, each further one, and that it is left alone', async () => {
  const failing = createServer((_request, response) => void response.writeHead(500).end())
  const env = { LLM_MODEL: 'model-1', LLM_BREAKER_FAILURES: '2', METRICS_TOKEN: TOKEN }
  const { base } = await mounted({ ...env, LLM_BASE_URL: await listening(failing) })
  const started = await fetch(`${base}/api/v1/chat/start`, { method: 'POST' })
  // The shape is what rest.test.ts is about.
  const { token } = (await started.json()) as { token: string }
  const of = 'provider="custom",model="model-1"'
  expect(await metricsOf(base)).toContain(`colloquy_breaker_open{${of}} 0`)
  const answer = await fetch(`${base}/api/v1/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Hello?' }),
  })
  expect(answer.status).toBe(503)
  const text = await metricsOf(base)
  expect(text).toContain(`colloquy_breaker_open{${of}} 1`)
  expect(text).toContain(`colloquy_upstream_calls_total{${of},outcome="unavailable"} 2`)
  expect(text).toMatch(/colloquy_upstream_retries_total\{provider="custom",model="model-1"\} [12]\n/)
  expect(text).toContain(
    'colloquy_runs_ended_total{tenant="default",status="failed",error="upstream_unavailable"} 1',
  )
})
