import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
beforeEach(async () => {
  world = await createHttpWorld({ tenant: { allowedOrigins: ['https://shop.example.com'] } })
})
afterEach(() => world.close())

const PATH = '/api/v1/conversations'
const preflight = (origin: string, path = PATH) =>
  world.call(path, {
    method: 'OPTIONS',
    token: null,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })

describe('pages of other origins', () => {
  test.each(['https://shop.example.com', 'http://localhost:5173'])('%s may call and read', async (origin) => {
    const asked = await preflight(origin)
    expect(asked.status).toBe(204)
    expect(asked.text).toBe('')
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST, GET',
      'access-control-allow-headers': expect.stringContaining('Last-Event-ID'),
      vary: expect.stringContaining('Origin'),
    })
    const answer = await world.call(PATH, { headers: { origin } })
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': expect.stringContaining(
        'Content-Disposition, Retry-After, X-Request-Id',
      ),
      vary: 'Origin',
    })
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
  })

  test('that are allowed can read errors too', async () => {
    const headers = { origin: 'https://shop.example.com' }
    for (const [path, token] of [
      [PATH, null],
      ['/api/v1/nothing', undefined],
      ['/api/v1/conversations/c_9', undefined],
    ] as const) {
      const answer = await world.call(path, { headers, ...(token === null && { token }) })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.headers['access-control-allow-origin']).toBe('https://shop.example.com')
    }
  })

  test.each(['https://evil.example', 'null', 'https://shop.example.com.evil.example'])(
    '%s may not',
    async (origin) => {
      const asked = await preflight(origin)
      expect(asked.status).toBe(403)
      expect(asked.json()).toMatchObject({
        type: 'PermissionError',
        detail: expect.stringContaining('ALLOWED_ORIGINS'),
      })
      for (const { headers } of [asked, await world.call(PATH, { headers: { origin } })]) {
        expect(headers).not.toHaveProperty('access-control-allow-origin')
        expect(headers['vary']).toBe('Origin')
      }
    },
  )

  test('the page of the proxy itself may', async () => {
    const origin = 'https://chat.example.com'
    const answer = await world.call(PATH, { headers: { origin, host: 'chat.example.com' } })
    expect(answer.headers['access-control-allow-origin']).toBe(origin)
  })
})

test('every answer carries the headers that keep browsers out of trouble', async () => {
  for (const path of [PATH, '/healthz', '/api/v1/nothing', '/nothing']) {
    const { headers } = await world.call(path)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    })
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('server')
    expect(headers).not.toHaveProperty('etag')
  }
})

describe('request ids', () => {
  test('are made, one for each request', async () => {
    const [first, second] = await Promise.all([world.call(PATH), world.call(PATH)])
    expect(first.headers['x-request-id']).toMatch(/^[\w-]{36}$/)
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id'])
  })

  test('are taken from the caller when they are clean', async () => {
    const given = async (id: string) =>
      (await world.call(PATH, { headers: { 'x-request-id': id } })).headers['x-request-id']
    expect(await given('abc-123-def')).toBe('abc-123-def')
    expect(await given('x" onload="y')).not.toContain('onload')
    expect(await given('a'.repeat(500))).toHaveLength(36)
  })
})

test('a mounted site answers what the proxy has nothing for, except under /api', async () => {
  await world.close()
  world = await createHttpWorld({
    site: (app) =>
      void app.use((request, response, next) =>
        request.method === 'GET' ? response.send('a page') : next(),
      ),
  })
  expect((await world.call('/about')).text).toBe('a page')
  expect((await world.call('/api/v1/nothing')).status).toBe(404)
  expect((await world.call('/api/other')).status).toBe(404)
  expect((await world.call('/about', { method: 'POST' })).json()).toMatchObject({ type: 'NotFoundError' })
})
