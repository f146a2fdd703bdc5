import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../../application/testing/test-world.js'
import { SecretOperatorProof } from '../../infrastructure/auth/secret-operator-proof.js'
import { expectError } from './testing/expect-error.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
beforeEach(async () => {
  world = await createHttpWorld()
})
afterEach(() => world.close())

const TENANTS = '/api/v1/admin/tenants'
const admin = (method: string, path: string, body?: object) =>
  world.call(path, { method, token: ADMIN_TOKEN, ...(body && { body }) })
const start = (key?: string) =>
  world.call('/api/v1/chat/start', {
    method: 'POST',
    token: null,
    headers: key === undefined ? {} : { 'x-colloquy-key': key },
  })
const audit = async (tenantId: string) =>
  world.database.kysely
    .selectFrom('events')
    .select(['type', 'actor', 'data'])
    .where('tenant_id', '=', tenantId)
    .orderBy('seq')
    .execute()

const ACME = { publishable_keys: ['pk_acme'], greeting: 'Hello!' }

test('a tenant that is saved is served at once, and gone at once when it is taken away', async () => {
  const made = await admin('PUT', `${TENANTS}/acme`, ACME)
  expect(made.status).toBe(201)
  expect(made.json()).toMatchObject({ id: 'acme', ...ACME, created_at: expect.any(String) })
  const started = await start('pk_acme')
  expect(started.json()).toMatchObject({ tenant: 'acme', greeting: 'Hello!' })
  const token = String(started.json()['token'])
  expect((await world.call('/api/v1/conversations', { token })).status).toBe(200)
  expect((await admin('DELETE', `${TENANTS}/acme`)).status).toBe(204)
  expect((await start('pk_acme')).status).toBe(401)
  expect((await world.call('/api/v1/conversations', { token })).status).toBe(401)
})

test('lists, reads, replaces and changes', async () => {
  await admin('PUT', `${TENANTS}/bolt`, { publishable_keys: ['pk_bolt'] })
  await admin('PUT', `${TENANTS}/acme`, ACME)
  const listed = await admin('GET', TENANTS)
  expect(listed.json()).toMatchObject({ tenants: [{ id: 'acme' }, { id: 'bolt' }] })
  expect((await admin('PATCH', `${TENANTS}/acme`, { tier: 'pro' })).json()).toMatchObject({
    ...ACME,
    tier: 'pro',
  })
  const replaced = await admin('PUT', `${TENANTS}/acme`, { publishable_keys: ['pk_acme'] })
  expect(replaced.status).toBe(200)
  expect((await admin('GET', `${TENANTS}/acme`)).json()).not.toHaveProperty('tier')
})

test('what was read can be changed and written again, and no secret is in it', async () => {
  const secret = 'what the host and the proxy alone know'
  const identity = { secret, issuer: 'https://acme.example', audiences: ['chat'] }
  await admin('PUT', `${TENANTS}/acme`, { ...ACME, identity })
  const read = await admin('GET', `${TENANTS}/acme`)
  expect(read.text).not.toContain(secret)
  const again = await admin('PUT', `${TENANTS}/acme`, { ...read.json(), greeting: 'Welcome!' })
  expect(again.status).toBe(200)
  expect(again.text).not.toContain(secret)
  const [stored] = (await world.ports.tenantStore?.list()) ?? []
  expect(stored?.settings).toMatchObject({ greeting: 'Welcome!', identity: { secret } })
})

describe('keys', () => {
  test('rotate with an overlap', async () => {
    await admin('PUT', `${TENANTS}/acme`, ACME)
    const rotated = await admin('POST', `${TENANTS}/acme/keys`, { overlap_seconds: 60 })
    expect(rotated.status).toBe(201)
    const key = String(rotated.json()['key'])
    for (const one of [key, 'pk_acme']) expect((await start(one)).json()).toMatchObject({ tenant: 'acme' })
    world.clock.advance(60_000)
    expect((await start(key)).json()).toMatchObject({ tenant: 'acme' })
    expect((await start('pk_acme')).status).toBe(401)
  })

  test('that have run out are left behind, and those that run out are not given longer', async () => {
    await admin('PUT', `${TENANTS}/acme`, ACME)
    await admin('POST', `${TENANTS}/acme/keys`, { overlap_seconds: 60 })
    const twice = await admin('POST', `${TENANTS}/acme/keys`, { overlap_seconds: 3_600 })
    const ends = (at: number) => new Date(world.clock.now() + at * 1000).toISOString()
    expect(twice.json()['publishable_keys']).toMatchObject([
      twice.json()['key'],
      { expires_at: ends(3_600) },
      { key: 'pk_acme', expires_at: ends(60) },
    ])
    world.clock.advance(60_000)
    const third = await admin('POST', `${TENANTS}/acme/keys`)
    expect(third.text).not.toContain('pk_acme')
  })

  test('belong to one tenant', async () => {
    await admin('PUT', `${TENANTS}/acme`, ACME)
    const taken = await admin('PUT', `${TENANTS}/bolt`, { publishable_keys: ['pk_acme'] })
    expectError(taken, 'BadRequestError')
    expect(taken.json()['detail']).toBe('publishable_keys: another tenant has one of them')
  })
})

test('beyond eight tenants with one issuer and audience and a secret each, one more is refused: its users could not sign in', async () => {
  const signingIn = (index: number, over: object = {}) => ({
    identity: {
      secret: `the secret of tenant ${index}, which is long enough`,
      issuer: 'https://login.example.com',
      audiences: ['chat'],
      ...over,
    },
  })
  for (let index = 0; index < 8; index += 1)
    expect((await admin('PUT', `${TENANTS}/site-${index}`, signingIn(index))).status).toBeLessThan(300)
  const refused = await admin('PUT', `${TENANTS}/site-8`, signingIn(8))
  expectError(refused, 'BadRequestError')
  expect(refused.json()['detail']).toMatch(/^identity\.audiences: 8 other tenants .* tenant_claim/)
  // What tells them apart, and what they share.
  const known = signingIn(0).identity.secret
  for (const over of [{ audiences: ['chat-8'] }, { tenant_claim: ['site'] }, { secret: known }])
    expect((await admin('PUT', `${TENANTS}/site-8`, signingIn(8, over))).status).toBeLessThan(300)
  // One from before this was looked at keeps nobody's greeting from being changed.
  await world.database.kysely
    .updateTable('tenants')
    .set({ settings: JSON.stringify(signingIn(8)) })
    .where('tenant_id', '=', 'site-8')
    .execute()
  for (const id of ['site-0', 'site-8'])
    expect((await admin('PATCH', `${TENANTS}/${id}`, { greeting: 'Hi' })).status).toBe(200)
})

test('settings that are wrong change nothing, and say what is accepted', async () => {
  await admin('PUT', `${TENANTS}/acme`, ACME)
  const wrong = await admin('PATCH', `${TENANTS}/acme`, { tier: 'gold', limits: { tokens: 1 } })
  expectError(wrong, 'BadRequestError')
  expect(wrong.json()['detail']).toContain('tier: must be one of free, pro, enterprise')
  expect(wrong.json()['detail']).toContain('limits: has no field tokens')
  expect((await admin('GET', `${TENANTS}/acme`)).json()).toMatchObject(ACME)
})

test('every change is in the audit log, with the names of fields and no value', async () => {
  await admin('PUT', `${TENANTS}/acme`, ACME)
  await admin('PATCH', `${TENANTS}/acme`, { greeting: 'Secret plan' })
  await admin('DELETE', `${TENANTS}/acme`)
  expect(await audit('acme')).toEqual([
    {
      type: 'tenant.saved',
      actor: 'operator',
      data: JSON.stringify({ created: true, fields: 'publishable_keys,greeting' }),
    },
    { type: 'tenant.saved', actor: 'operator', data: JSON.stringify({ created: false, fields: 'greeting' }) },
    { type: 'tenant.deleted', actor: 'operator', data: '{}' },
  ])
})

test('what is stored under "default" stands in the place of the configured one', async () => {
  await admin('PUT', `${TENANTS}/default`, { greeting: 'Stored!' })
  expect((await start()).json()).toMatchObject({ tenant: 'default', greeting: 'Stored!' })
  await admin('DELETE', `${TENANTS}/default`)
  expect((await start()).json()).toMatchObject({ tenant: 'default', greeting: 'Hi!' })
})

test('a wrong token is refused, told in the log without it, and opens nothing', async () => {
  const answer = await world.call(TENANTS, { token: `${ADMIN_TOKEN}x` })
  expectError(answer, 'AuthenticationError')
  expect(world.logLines.join('')).toContain('somebody tried a wrong operator token')
  expect(world.logLines.join('')).not.toContain(ADMIN_TOKEN)
})

test('without ADMIN_TOKEN nothing is there', async () => {
  await world.close()
  world = await createHttpWorld({ replace: () => ({ operator: new SecretOperatorProof(null) }) })
  for (const token of [null, ADMIN_TOKEN, 'null'])
    expectError(await world.call(TENANTS, { token }), 'NotFoundError')
})

test('tenants of a file are changed in the file', async () => {
  await world.close()
  world = await createHttpWorld({ replace: () => ({ tenantStore: null }) })
  for (const answer of [await admin('GET', TENANTS), await admin('PUT', `${TENANTS}/acme`, ACME)]) {
    expectError(answer, 'ConflictError')
    expect(answer.json()['detail']).toContain('TENANTS_FILE')
  }
})
