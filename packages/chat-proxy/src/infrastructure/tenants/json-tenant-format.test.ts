import { describe, expect, test } from 'vitest'
import { limitsOf } from '../../domain/limits.js'
import type { TenantSettings } from '../../domain/ports/index.js'
import { tenantOf, type Tenant } from '../../domain/tenant.js'
import { JsonTenantFormat } from './json-tenant-format.js'

const base = tenantOf({
  id: 'default',
  publishableKeys: [{ key: 'pk_default', expiresAt: null }],
  allowedOrigins: ['https://default.example'],
  greeting: 'Hi!',
  systemPrompt: 'Be brief.',
  limits: { ...limitsOf('free'), messagesPerMinute: { user: 7, ip: 8, tenant: 9 } },
})

const format = new JsonTenantFormat({ base, namedBy: 'tenant' }, { modelProblems: () => [] })

function read(settings: TenantSettings, id = 'acme'): Tenant {
  const result = format.read(id, settings)
  if ('problems' in result) throw new Error(result.problems.join('\n'))
  return result.tenant
}

function problems(settings: TenantSettings, id = 'acme'): readonly string[] {
  const result = format.read(id, settings)
  return 'problems' in result ? result.problems : []
}

const KEY = { publishable_keys: ['pk_acme'] }

describe('what is left out', () => {
  test('is as the installation has it, but for keys, origins and identity', () => {
    expect(read(KEY)).toEqual({
      ...base,
      id: 'acme',
      publishableKeys: [{ key: 'pk_acme', expiresAt: null }],
      allowedOrigins: [],
      identity: null,
    })
  })

  test('is all as the installation has it for the tenant of that id', () => {
    expect(read({}, 'default')).toEqual(base)
  })

  test('another tier has its own messages a day, unless they are said', () => {
    expect(read({ ...KEY, tier: 'pro' }).limits.messagesPerDay.user).toBe(1000)
    const said = { messages_per_day: { user: 5 } }
    expect(read({ ...KEY, tier: 'pro', limits: said }).limits.messagesPerDay.user).toBe(5)
  })
})

test('reads every field', () => {
  const tenant = read({
    publishable_keys: ['pk_2', { key: 'pk_1', expires_at: '2027-01-31T00:00:00Z' }],
    allowed_origins: ['https://acme.example'],
    identity: {
      secret: 's'.repeat(32),
      issuer: 'https://acme.example',
      audiences: ['chat'],
      roles: { boss: 'admin' },
    },
    tier: 'enterprise',
    time_zone: 'Europe/Berlin',
    models: ['groq', 'openai:gpt-6-luna'],
    smaller_model: 'groq:small',
    system_prompt: 'Be kind.',
    greeting: 'Hello!',
    suggestions: ['What?'],
    limits: {
      messages_per_minute: { user: null },
      tokens_per_day: { tenant: 1000 },
      budget_usd_per_day: { user: 0.5 },
    },
    flags: { chat_enabled: false, rollout_percent: 12.5, admin_only: true },
    retention_days: 30,
    titles: 'model',
  })
  expect(tenant).toEqual({
    id: 'acme',
    publishableKeys: [
      { key: 'pk_2', expiresAt: null },
      { key: 'pk_1', expiresAt: Date.UTC(2027, 0, 31) },
    ],
    allowedOrigins: ['https://acme.example'],
    identity: {
      keys: { kind: 'secret', secret: 's'.repeat(32) },
      issuer: 'https://acme.example',
      audiences: ['chat'],
      claims: { roles: [['roles']], roleNames: { boss: 'admin' }, tenant: null },
    },
    tier: 'enterprise',
    timeZone: 'Europe/Berlin',
    models: ['groq', 'openai:gpt-6-luna'],
    smallerModel: 'groq:small',
    systemPrompt: 'Be kind.',
    greeting: 'Hello!',
    suggestions: ['What?'],
    limits: {
      ...base.limits,
      messagesPerMinute: { user: null, ip: 8, tenant: 9 },
      messagesPerDay: { user: null },
      tokensPerDay: { user: null, tenant: 1000 },
      moneyPerDay: { user: 500_000, tenant: null },
    },
    flags: { chatEnabled: false, rolloutPercent: 12.5, adminOnly: true },
    retentionDays: 30,
    titles: 'model',
  })
})

test.each<[string, TenantSettings]>([
  ['has no field greting', { ...KEY, greting: 'Hi' }],
  ['limits.messages_per_day: has no field usr', { ...KEY, limits: { messages_per_day: { usr: 3 } } }],
  ['publishable_keys: must hold a key, or identity must say how users sign in', {}],
  [
    'allowed_origins.0: must be an origin such as https://example.com, without a path',
    { ...KEY, allowed_origins: ['*'] },
  ],
  ['tier: must be one of free, pro, enterprise', { ...KEY, tier: 'gold' }],
  ['time_zone: must be a time zone such as Europe/Berlin', { ...KEY, time_zone: 'Mars' }],
  [
    'identity.secret: must be at least 32 bytes long',
    { identity: { secret: 'short', issuer: 'i', audiences: ['c'] } },
  ],
  [
    'identity.jwks_url: must be an https URL',
    { identity: { jwks_url: 'http://keys.example/keys', issuer: 'i', audiences: ['c'] } },
  ],
  [
    'identity.jwks_url: must be a public address, without a user name or password',
    { identity: { jwks_url: 'https://10.0.0.1/keys', issuer: 'i', audiences: ['c'] } },
  ],
])('refuses: %s', (line, settings) => {
  expect(problems(settings)).toEqual([line])
})

test('quotes no value', () => {
  const secret = 'TOP-SECRET'
  const wrong = {
    publishable_keys: [`${secret} with spaces`],
    allowed_origins: [secret],
    identity: { secret, issuer: 'i', audiences: [] },
    limits: { tokens_per_day: { user: secret } },
  }
  expect(problems(wrong).length).toBeGreaterThan(2)
  expect(problems(wrong).join('\n')).not.toContain(secret)
})

test.each(['', '*', 'a b', '../x', `a${'b'.repeat(64)}`])('no tenant is called %j', (id) => {
  expect(problems(KEY, id)).toHaveLength(1)
})
