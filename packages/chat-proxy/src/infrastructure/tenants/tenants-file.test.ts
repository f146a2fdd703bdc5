import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tenantOf } from '../../domain/tenant.js'
import { PinoLogger } from '../logging/pino-logger.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { JsonTenantFormat } from './json-tenant-format.js'
import { TenantRegistry } from './tenant-registry.js'
import { TenantsFile } from './tenants-file.js'

let folder: string
let path: string
let clock: FakeClock
let registry: TenantRegistry
let file: TenantsFile
let logLines: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colloquy-tenants-'))
  path = join(folder, 'tenants.json')
  clock = new FakeClock()
  registry = new TenantRegistry(clock)
  logLines = []
  const logger = new PinoLogger({ level: 'info', destination: { write: (line) => void logLines.push(line) } })
  const base = tenantOf({ id: 'default', greeting: 'Hi!' })
  const format = new JsonTenantFormat({ base, namedBy: 'operator' }, { modelProblems: () => [] })
  file = new TenantsFile({ path, format, registry, clock, logger })
})
afterEach(async () => {
  await file.stop()
  rmSync(folder, { recursive: true })
})

const write = (...tenants: readonly object[]): void => writeFileSync(path, JSON.stringify({ tenants }))
const acme = (greeting: string) => ({ id: 'acme', publishable_keys: ['pk_acme'], greeting })
const greeting = async () => (await registry.find('acme'))?.greeting
test('serves the tenants of the file and no others', async () => {
  write(acme('Hello!'))
  expect(await file.start()).toEqual([])
  expect(await registry.find('acme')).toMatchObject({ greeting: 'Hello!' })
  expect(await registry.find('default')).toBeNull()
})

test('an edit counts within a second', async () => {
  write(acme('Hello!'))
  await file.start()
  write(acme('Welcome!'), { id: 'default' })
  clock.advance(1_000)
  await file.stop()
  expect(await greeting()).toBe('Welcome!')
  expect(await registry.find('default')).toMatchObject({ greeting: 'Hi!' })
  expect(logLines.join('')).toContain('the tenants file was read again')
})

test('tenants of whom no token could tell which one it means are refused', async () => {
  const site = (index: number) => ({
    id: `site-${index}`,
    identity: {
      secret: `the secret of tenant ${index}, which is long enough`,
      issuer: 'https://login.example.com',
      audiences: ['chat'],
    },
  })
  write(...Array.from({ length: 10 }, (_, index) => site(index)))
  expect(await file.start()).toEqual([
    expect.stringContaining('site-8.identity.audiences: 8 other tenants'),
    expect.stringContaining('site-9.identity.audiences: 8 other tenants'),
  ])
})

test('so does another file in its place', async () => {
  write(acme('Hello!'))
  await file.start()
  writeFileSync(`${path}.new`, JSON.stringify({ tenants: [acme('Welcome!')] }))
  renameSync(`${path}.new`, path)
  await file.look()
  expect(await greeting()).toBe('Welcome!')
})

test.each([
  ['half a file', '{"tenants": [{"id": "ac', 'must be JSON such as'],
  [
    'a field that is wrong',
    '{"tenants": [{"id": "acme", "publishable_keys": ["k"], "tier": "gold"}]}',
    'acme.tier',
  ],
  ['an empty one', '', 'must be JSON such as'],
  [
    'a tenant twice',
    '{"tenants": [{"id": "a", "publishable_keys": ["k"]}, {"id": "a", "publishable_keys": ["l"]}]}',
    'a.id: stands there twice',
  ],
  [
    'a field that stands twice',
    '{"tenants": [{"id": "acme", "publishable_keys": ["k"], "limits": {}, "limits": {}}]}',
    'has an object in which a name stands twice',
  ],
  [
    'a field that would be copied into every object',
    '{"tenants": [{"id": "acme", "publishable_keys": ["k"], "__proto__": {"tier": "enterprise"}}]}',
    'has a field that is called __proto__',
  ],
  [
    'a key of two tenants',
    '{"tenants": [{"id": "a", "publishable_keys": ["k"]}, {"id": "b", "publishable_keys": ["k"]}]}',
    'b.publishable_keys',
  ],
])('a bad edit keeps what was there, and says so: %s', async (_name, text, line) => {
  write(acme('Hello!'))
  await file.start()
  writeFileSync(path, text)
  await file.look()
  expect(await greeting()).toBe('Hello!')
  expect(logLines.join('')).toContain('the tenants stay as they were')
  expect(logLines.join('')).toContain(`tenants file: ${line}`)
})

test('a bad edit is told once, and a good one after it counts', async () => {
  write(acme('Hello!'))
  await file.start()
  writeFileSync(path, 'oops')
  await file.look()
  const told = logLines.length
  await file.look()
  expect(logLines).toHaveLength(told)
  write(acme('Welcome!'))
  await file.look()
  expect(await greeting()).toBe('Welcome!')
})

test('a file that goes away takes nobody with it', async () => {
  write(acme('Hello!'))
  await file.start()
  rmSync(path)
  await file.look()
  expect(await greeting()).toBe('Hello!')
  expect(logLines.join('')).toContain('is not there or cannot be read')
})

test('a wrong file at the start is told in full', async () => {
  write({ id: 'acme', tier: 'gold', publishable_keys: ['k'] }, { id: 'bolt' })
  expect(await file.start()).toEqual([
    'acme.tier: must be one of free, pro, enterprise',
    'bolt.publishable_keys: must hold a key, or identity must say how users sign in',
  ])
})
