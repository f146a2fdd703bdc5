import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HostCaller } from '../../domain/identity.js'
import { tenantOf } from '../../domain/tenant.js'
import { HOST_IDENTITY, hostToken, type HostClaims } from '../testing/host-site.js'
import { ListedTenants } from '../testing/listed-tenants.js'
import { createWorld, type World } from '../testing/test-world.js'
import type { IdentifyCallerInput } from './identify-caller.js'

let world: World
let tenants: ListedTenants
beforeEach(async () => {
  tenants = new ListedTenants(tenantOf({ id: 'default' }), tenantOf({ id: 'acme' }))
  world = await createWorld({ tenants, identity: HOST_IDENTITY })
})
afterEach(() => world.close())

const identify = (input: Partial<IdentifyCallerInput>) =>
  world.useCases.identifyCaller.execute({ token: null, tenantId: null, ...input })
const signed = (claims: Partial<HostClaims> = {}) =>
  hostToken({ sub: '42', expiresAt: world.clock.now() + 600_000, ...claims })
const session = async () => (await world.ports.tokens.issue(world.alice)).token
const host = (caller: unknown) => ({ askHost: () => Promise.resolve(caller as HostCaller | null) })

const user = { tenantId: 'default', subject: 'u_42', kind: 'user', role: 'user' }

describe('the ways to prove who is calling', () => {
  test('are tried in order: session token, identity token, host', async () => {
    const known = host({ userId: '7' })
    expect(await identify({ token: await session(), ...host(null) })).toEqual(world.alice)
    expect(await identify({ token: await signed(), ...known })).toEqual(user)
    expect(await identify({ token: 'an opaque token of the host', ...known })).toEqual({
      ...user,
      subject: 'u_7',
    })
    expect(await identify(known)).toEqual({ ...user, subject: 'u_7' })
  })

  test('a visitor whom the host knows by now starts again, and a user goes on', async () => {
    const known = host({ userId: '7' })
    await expect(identify({ token: await session(), ...known })).rejects.toMatchObject({
      code: 'token-expired',
    })
    const { token } = await world.ports.tokens.issue({ ...world.alice, kind: 'user', role: 'user' })
    expect(await identify({ token, ...known })).toMatchObject({ subject: world.alice.subject, kind: 'user' })
  })

  test('a token of ours that is not good is not passed on', async () => {
    const token = await session()
    const askHost = () => Promise.reject(new Error('must not be asked'))
    await expect(identify({ token: `${token.slice(0, -2)}AA`, askHost })).rejects.toMatchObject({
      code: 'not-authenticated',
    })
    world.clock.advance(3_700_000)
    await expect(identify({ token, askHost })).rejects.toMatchObject({ code: 'token-expired' })
    const old = await signed({ expiresAt: world.clock.now() - 31_000 })
    await expect(identify({ token: old, askHost })).rejects.toMatchObject({ code: 'token-expired' })
  })

  test('nobody is nobody', async () => {
    for (const input of [{}, host(null), { token: 'abc' }, { token: 'abc', ...host(null) }])
      await expect(identify(input)).rejects.toMatchObject({ code: 'not-authenticated' })
  })

  test('a user cannot be a visitor, whatever the host calls them', async () => {
    const { subject } = world.alice
    expect((await identify({ token: await signed({ sub: subject }) })).subject).toBe(`u_${subject}`)
    expect((await identify(host({ userId: subject }))).subject).toBe(`u_${subject}`)
  })
})

describe('tenants', () => {
  test('X-Tenant-ID selects among those that are allowed', async () => {
    const token = await signed({ tenants: ['acme', 'default'] })
    expect(await identify({ token, tenantId: 'acme' })).toMatchObject({ tenantId: 'acme' })
    expect(await identify({ token, tenantId: 'default' })).toMatchObject({ tenantId: 'default' })
    const known = host({ userId: '7', tenantId: ['acme', 'default'] })
    expect(await identify({ tenantId: 'acme', ...known })).toMatchObject({ tenantId: 'acme' })
  })

  test('any other is refused', async () => {
    for (const input of [
      { token: await session() },
      { token: await signed({ tenants: ['default', 'third'] }) },
      host({ userId: '7' }),
    ])
      await expect(identify({ tenantId: 'acme', ...input })).rejects.toMatchObject({ code: 'not-allowed' })
  })

  test('several and none named is a mistake of the request', async () => {
    const token = await signed({ tenants: ['acme', 'default'] })
    await expect(identify({ token })).rejects.toMatchObject({ code: 'invalid-input', field: 'X-Tenant-ID' })
  })

  test('a caller whose tenant is gone is nobody', async () => {
    const [visitor, token] = [await session(), await signed()]
    await identify({ token: visitor })
    await identify({ token })
    tenants.tenants = tenants.tenants.filter(({ id }) => id !== 'default')
    for (const input of [{ token: visitor }, { token }, host({ userId: '7' })])
      await expect(identify(input)).rejects.toMatchObject({ code: 'not-authenticated' })
  })
})

describe('what the host says', () => {
  test('is taken as it is', async () => {
    expect(await identify(host({ userId: '7', role: 'agent', tenantId: 'acme' }))).toEqual({
      tenantId: 'acme',
      subject: 'u_7',
      kind: 'user',
      role: 'agent',
    })
  })

  test.each([
    {},
    { userId: 7 },
    { userId: '' },
    { userId: 'a\nb' },
    { userId: '7', role: 'root' },
    { userId: '7', role: 'visitor' },
    { userId: '7', tenantId: '' },
    { userId: '7', tenantId: [] },
    { userId: '7', tenantId: [7] },
    { userId: '7', tenantId: null },
  ])('%j is a fault of the host, and nobody gets in by it', async (caller) => {
    await expect(identify(host(caller))).rejects.toThrow(TypeError)
  })
})

test('roles come from the token by the configuration alone', async () => {
  const roleWith = async (...roles: string[]) => (await identify({ token: await signed({ roles }) })).role
  expect(await roleWith('boss')).toBe('admin')
  expect(await roleWith('helper', 'boss')).toBe('admin')
  expect(await roleWith('helper')).toBe('agent')
  expect(await roleWith('admin')).toBe('user')
})
