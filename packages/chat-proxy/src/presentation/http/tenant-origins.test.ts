import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ListedTenants } from '../../application/testing/listed-tenants.js'
import { ADMIN_TOKEN } from '../../application/testing/test-world.js'
import { NO_LIMITS } from '../../domain/limits.js'
import { tenantOf } from '../../domain/tenant.js'
import { createHttpWorld, type Call, type HttpWorld } from './testing/http-world.js'

const ACME = 'https://acme.example'
const BOLT = 'https://bolt.example'
const EVIL = 'https://evil.example'

const tenant = (id: string, origin: string) =>
  tenantOf({
    id,
    publishableKeys: [{ key: `pk_${id}`, expiresAt: null }],
    allowedOrigins: [origin],
    limits: NO_LIMITS,
  })

let world: HttpWorld
beforeAll(async () => {
  const tenants = new ListedTenants(
    tenantOf({ id: 'default', limits: NO_LIMITS }),
    tenant('acme', ACME),
    tenant('bolt', BOLT),
  )
  world = await createHttpWorld({ tenants })
})
afterAll(() => world.close())

const PATH = '/api/v1/conversations'
const tokenIn = async (tenantId: string) =>
  (await world.ports.tokens.issue({ tenantId, subject: 'v_1', kind: 'visitor', role: 'visitor' })).token

async function asked(origin: string, call: Call = {}, path = PATH) {
  const { status, headers } = await world.call(path, { ...call, headers: { ...call.headers, origin } })
  expect(headers).not.toHaveProperty('access-control-allow-credentials')
  expect(headers['vary']).toContain('Origin')
  return { status, shown: headers['access-control-allow-origin'] ?? null }
}

describe('a page of a tenant', () => {
  test('calls and reads with a token of that tenant', async () => {
    expect(await asked(ACME, { token: await tokenIn('acme') })).toEqual({ status: 200, shown: ACME })
  })

  test.each(['acme', 'default'])(
    'neither calls nor reads with a token of %s, which is another one',
    async (id) => {
      const token = await tokenIn(id)
      const made = await asked(BOLT, { method: 'POST', body: { id: `c_${id}_0001` }, token })
      expect(made).toEqual({ status: 403, shown: null })
      expect(await asked(BOLT, { token }, `${PATH}/c_${id}_0001`)).toEqual({ status: 403, shown: null })
      expect((await world.call(`${PATH}/c_${id}_0001`, { token })).status).toBe(404)
    },
  )

  test('is told that its token is no good', async () => {
    for (const token of [null, 'a.b.c'])
      expect(await asked(ACME, { token })).toEqual({ status: 401, shown: ACME })
  })

  test('starts a chat with the key of its tenant and no other', async () => {
    const start = (origin: string, key: string) =>
      asked(origin, { method: 'POST', token: null, headers: { 'x-colloquy-key': key } }, '/api/v1/chat/start')
    expect(await start(ACME, 'pk_acme')).toEqual({ status: 201, shown: ACME })
    expect(await start(BOLT, 'pk_acme')).toMatchObject({ status: 403 })
    expect(await start(EVIL, 'pk_acme')).toEqual({ status: 403, shown: null })
  })

  test('of localhost is one of default alone', async () => {
    const local = 'http://localhost:5173'
    expect(await asked(local, { token: await tokenIn('default') })).toEqual({ status: 200, shown: local })
    expect(await asked(local, { token: await tokenIn('acme') })).toEqual({ status: 403, shown: null })
  })
})

test('servers and command lines say no origin, and go by their token alone', async () => {
  expect((await world.call(PATH, { token: await tokenIn('acme') })).status).toBe(200)
})

describe('a preflight', () => {
  const preflight = (origin: string, path = PATH) =>
    asked(
      origin,
      { method: 'OPTIONS', token: null, headers: { 'access-control-request-method': 'POST' } },
      path,
    )

  test('passes for the pages of any tenant, named and never as a wildcard', async () => {
    for (const origin of [ACME, BOLT]) expect(await preflight(origin)).toEqual({ status: 204, shown: origin })
  })

  test.each([EVIL, 'null', `${ACME}.evil.example`, ACME.toUpperCase()])(
    'does not pass for %s',
    async (origin) => {
      expect(await preflight(origin)).toEqual({ status: 403, shown: null })
    },
  )

  test('passes for no page where the operator calls, and no page reads what is answered', async () => {
    for (const origin of [ACME, 'http://localhost:5173']) {
      expect(await preflight(origin, '/api/v1/admin/tenants')).toEqual({ status: 403, shown: null })
      const answer = await asked(origin, { token: ADMIN_TOKEN }, '/api/v1/admin/tenants')
      expect(answer).toEqual({ status: 200, shown: null })
    }
  })
})
