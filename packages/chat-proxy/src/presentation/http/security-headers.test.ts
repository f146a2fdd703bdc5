import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answering } from '../../application/testing/scripted-model.js'
import { ADMIN_TOKEN, METRICS_TOKEN } from '../../application/testing/test-world.js'
import type { Caller } from '../../domain/caller.js'
import { routeTable } from './routes.js'
import type { Route } from './routing/route.js'
import type { Answer } from './testing/answer.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'
import { bodyOf, nameOf, objectOf } from './testing/route-samples.js'
import { sampleObject } from './testing/sample-objects.js'

/** What every answer of every route carries, whoever asks and whatever becomes of it. */

const OWN = 'https://shop.example.com'
const FOREIGN = 'https://evil.example'

let world: HttpWorld
let routes: readonly Route[]
beforeAll(async () => {
  world = await createHttpWorld({ tenant: { allowedOrigins: [OWN] } })
  world.model.script = answering('Hello.')
  routes = routeTable(world.useCases)
})
afterAll(() => world.close())

let made = 0
async function ask(route: Route, call: { token?: string | null; origin?: string }): Promise<Answer> {
  made += 1
  // Somebody new each time: one of the routes forgets who calls it.
  const owner: Caller = { ...world.alice, subject: `v_head_${made}` }
  const kind = objectOf(route)
  const id = kind ? await sampleObject(world, { owner, kind, unique: `head_${made}` }) : ''
  return world.call(route.path.replace(':id', id), {
    method: route.method,
    token: call.token === undefined ? await tokenFor(route, owner) : call.token,
    body: bodyOf(route, `head_${made}`),
    headers: call.origin === undefined ? {} : { origin: call.origin },
  })
}

const TOKENS = { public: null, operator: ADMIN_TOKEN, monitor: METRICS_TOKEN }
const tokenFor = async ({ access }: Route, { subject }: Caller): Promise<string | null> =>
  typeof access === 'string' ? TOKENS[access] : world.tokenOf(subject)

describe('every answer', () => {
  test('keeps browsers from guessing, framing, loading, referring and keeping', async () => {
    for (const route of routes) {
      for (const call of [{}, { token: 'a.b.c' }, { origin: FOREIGN }]) {
        const { headers, status } = await ask(route, call)
        const isDocs = route.path === '/docs'
        expect({ route: nameOf(route), status, ...headers }).toMatchObject({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'content-security-policy': isDocs
            ? expect.stringMatching(/^default-src 'none'; style-src 'sha256-[^']*'; /)
            : "default-src 'none'; frame-ancestors 'none'",
          'x-frame-options': 'DENY',
          'x-permitted-cross-domain-policies': 'none',
          'cross-origin-resource-policy': 'same-origin',
          'cross-origin-opener-policy': 'same-origin',
          'cache-control': expect.stringMatching(/^no-store$|^no-cache, no-transform$/),
          'x-request-id': expect.stringMatching(/./),
          vary: expect.stringContaining('Origin'),
        })
        for (const name of [
          'server',
          'x-powered-by',
          'etag',
          'set-cookie',
          'access-control-allow-credentials',
        ])
          expect(headers).not.toHaveProperty(name)
      }
    }
  })

  test('may be read by pages of the tenant alone, never by all, and never with credentials', async () => {
    for (const route of routes) {
      const own = await ask(route, { origin: OWN })
      const foreign = await ask(route, { origin: FOREIGN })
      const isForPages = route.access !== 'operator' && route.access !== 'monitor'
      expect([nameOf(route), own.headers['access-control-allow-origin']]).toEqual([
        nameOf(route),
        isForPages ? OWN : undefined,
      ])
      expect(foreign.headers).not.toHaveProperty('access-control-allow-origin')
      // What says nothing of anybody may be asked by anybody, and read by nobody's page.
      if (typeof route.access !== 'string')
        expect([nameOf(route), foreign.status]).toEqual([nameOf(route), 403])
    }
  })
})

test('a preflight is answered for every path, with its methods, for pages of tenants alone', async () => {
  for (const path of new Set(routes.map((route) => route.path))) {
    const rows = routes.filter((route) => route.path === path)
    const preflight = (origin: string) =>
      world.call(path.replace(':id', 'c_00001'), {
        method: 'OPTIONS',
        token: null,
        headers: { origin, 'access-control-request-method': rows[0]?.method ?? 'GET' },
      })
    const isForPages = rows.every(({ access }) => access !== 'operator' && access !== 'monitor')
    const { status, headers } = await preflight(OWN)
    expect([path, status]).toEqual([path, isForPages ? 204 : 403])
    if (isForPages) {
      expect(headers).toMatchObject({
        'access-control-allow-origin': OWN,
        'access-control-allow-methods': rows.map(({ method }) => method).join(', '),
      })
    }
    expect((await preflight(FOREIGN)).status).toBe(403)
  }
})
