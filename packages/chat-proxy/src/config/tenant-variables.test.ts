import { expect, test } from 'vitest'
import { loadConfig } from './load-config.js'

test('without them there is one tenant, open to everybody, and no admin API', () => {
  expect(loadConfig({})).toMatchObject({
    tenantsFile: null,
    adminToken: null,
    settings: { isChatEnabled: true },
    tenant: { flags: { chatEnabled: true, rolloutPercent: 100, adminOnly: false } },
  })
})

test('reads who gets the chat', () => {
  const env = { FEATURE_CHAT_ENABLED: 'false', FEATURE_CHAT_PERCENT: '12.5', FEATURE_CHAT_ADMIN_ONLY: 'true' }
  expect(loadConfig(env)).toMatchObject({
    settings: { isChatEnabled: false },
    tenant: { flags: { rolloutPercent: 12.5, adminOnly: true } },
  })
})

test.each([
  ['ADMIN_TOKEN', 'too short'],
  ['FEATURE_CHAT_ENABLED', 'yes'],
  ['FEATURE_CHAT_PERCENT', '101'],
  ['FEATURE_CHAT_PERCENT', '-1'],
  ['FEATURE_CHAT_ADMIN_ONLY', '1'],
])('refuses %s=%s, and does not quote it', (name, value) => {
  const load = () => loadConfig({ [name]: value })
  expect(load).toThrow(new RegExp(`^${name}: must be`))
  expect(load).not.toThrow(new RegExp(`${value}$`))
})
