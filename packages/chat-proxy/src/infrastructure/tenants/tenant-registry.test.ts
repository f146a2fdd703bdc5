import { expect, test } from 'vitest'
import { tenantOf, type Tenant } from '../../domain/tenant.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { sharedKeys, TenantRegistry } from './tenant-registry.js'

const clock = new FakeClock()
const HOST = {
  keys: { kind: 'secret', secret: 'x'.repeat(32) },
  issuer: 'https://shop.example.com',
  audiences: ['chat'],
  claims: { roles: [['roles']], roleNames: {}, tenant: null },
} as const

const tenant = (id: string, keys: readonly string[] = [], over: Partial<Tenant> = {}): Tenant =>
  tenantOf({ id, publishableKeys: keys.map((key) => ({ key, expiresAt: null })), ...over })

test('without keys every start without one belongs to the one tenant', async () => {
  const registry = new TenantRegistry(clock, [tenant('default')])
  expect(await registry.findByKey(null)).toMatchObject({ id: 'default' })
})

test('with a key only that key opens it', async () => {
  const registry = new TenantRegistry(clock, [tenant('default', ['pk_site'])])
  expect(await registry.findByKey('pk_site')).toMatchObject({ id: 'default' })
  expect(await registry.findByKey('pk_other')).toBeNull()
  expect(await registry.findByKey(null)).toBeNull()
})

test('each key opens its own tenant, and an unknown one none', async () => {
  const registry = new TenantRegistry(clock, [
    tenant('default'),
    tenant('acme', ['pk_a']),
    tenant('bolt', ['pk_b']),
  ])
  expect(await registry.findByKey('pk_a')).toMatchObject({ id: 'acme' })
  expect(await registry.findByKey('pk_b')).toMatchObject({ id: 'bolt' })
  expect(await registry.findByKey(null)).toMatchObject({ id: 'default' })
  expect(await registry.findByKey('pk_c')).toBeNull()
})

test('a tenant whose users sign in and that has no key is no tenant for everybody', async () => {
  const registry = new TenantRegistry(clock, [
    tenant('acme', [], { identity: HOST }),
    tenant('bolt', ['pk_b']),
  ])
  expect(await registry.findByKey(null)).toBeNull()
})

test('while a key is rotated both open, and the old one until its time', async () => {
  const now = clock.now()
  const publishableKeys = [
    { key: 'pk_new', expiresAt: null },
    { key: 'pk_old', expiresAt: now + 60_000 },
  ]
  const registry = new TenantRegistry(clock, [tenantOf({ id: 'default', publishableKeys })])
  for (const key of ['pk_new', 'pk_old']) expect(await registry.findByKey(key)).not.toBeNull()
  clock.advance(60_000)
  expect(await registry.findByKey('pk_new')).not.toBeNull()
  expect(await registry.findByKey('pk_old')).toBeNull()
  expect(await registry.findByKey(null)).toBeNull()
})

test('what does not change stays the same object, and so does an identity in a tenant that changes', async () => {
  const registry = new TenantRegistry(clock, [
    tenant('acme', ['a'], { identity: HOST }),
    tenant('bolt', ['b']),
  ])
  const [acme, bolt] = [await registry.find('acme'), await registry.find('bolt')]
  registry.replace([
    tenant('acme', ['a'], { identity: structuredClone(HOST), greeting: 'Hello!' }),
    tenant('bolt', ['b']),
  ])
  expect(await registry.find('bolt')).toBe(bolt)
  const changed = await registry.find('acme')
  expect(changed?.greeting).toBe('Hello!')
  expect(changed?.identity).toBe(acme?.identity)
  expect(await registry.findByIssuer(HOST.issuer)).toEqual([changed])
})

test('who is gone is gone, with the key', async () => {
  const registry = new TenantRegistry(clock, [tenant('acme', ['a']), tenant('bolt', ['b'])])
  registry.replace([tenant('bolt', ['b'])])
  expect(await registry.find('acme')).toBeNull()
  expect(await registry.findByKey('a')).toBeNull()
})

test('keys that two tenants have are told', () => {
  expect(sharedKeys([tenant('acme', ['a', 'b']), tenant('bolt', ['c', 'b'])])).toEqual([
    'bolt.publishable_keys: holds a key twice, or one of acme',
  ])
})
