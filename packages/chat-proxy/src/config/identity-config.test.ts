import { describe, expect, test } from 'vitest'
import { ConfigError } from './config.js'
import { IDENTITY_VARIABLES } from './identity-variables.js'
import { loadConfig } from './load-config.js'

const identityOf = (env: Record<string, string>) => loadConfig(env).identity
function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const SECRET = 'x'.repeat(32)
const BY_SECRET = { IDENTITY_SECRET: SECRET, IDENTITY_ISSUER: 'shop', IDENTITY_AUDIENCE: 'chat' }
const KEYCLOAK = {
  IDENTITY_PRESET: 'keycloak',
  IDENTITY_ISSUER: 'https://sso.example.com/realms/shop',
  IDENTITY_AUDIENCE: 'chat.web',
}

test('without any variable there are no users', () => {
  expect(identityOf({})).toBeNull()
})

test('every variable says what it is for', () => {
  for (const [name, { description }] of Object.entries(IDENTITY_VARIABLES))
    expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)])
})

test('a secret, an issuer and an audience are enough', () => {
  expect(identityOf(BY_SECRET)).toEqual({
    keys: { kind: 'secret', secret: SECRET },
    issuer: 'shop',
    audiences: ['chat'],
    claims: { roles: [['roles']], roleNames: {}, tenant: null },
  })
})

test('published keys may be in a private network', () => {
  const env = { IDENTITY_ISSUER: 'https://sso', IDENTITY_AUDIENCE: 'a, b' }
  expect(identityOf({ ...env, IDENTITY_JWKS_URL: 'http://keycloak:8080/certs' })).toMatchObject({
    keys: { kind: 'jwks', url: 'http://keycloak:8080/certs', namedBy: 'operator' },
    audiences: ['a', 'b'],
  })
})

describe('claims', () => {
  test('are paths, with dots in a name behind a backslash', () => {
    const env = {
      ...BY_SECRET,
      IDENTITY_ROLES_CLAIM: String.raw`realm_access.roles, https://example\.com/roles`,
      IDENTITY_ROLES: 'chat-admins=admin, a=b=agent,support=user',
      IDENTITY_TENANT_CLAIM: 'org.id',
    }
    expect(identityOf(env)?.claims).toEqual({
      roles: [['realm_access', 'roles'], ['https://example.com/roles']],
      roleNames: { 'chat-admins': 'admin', 'a=b': 'agent', support: 'user' },
      tenant: ['org', 'id'],
    })
  })

  test.each(['.', 'a..b', 'a.', ','])('%j is none', (path) => {
    const env = { ...BY_SECRET, IDENTITY_ROLES: 'a=user', IDENTITY_ROLES_CLAIM: path }
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^IDENTITY_ROLES_CLAIM/)])
  })

  test.each(['admin', 'a=root', 'a=visitor', '=admin', 'a='])('roles %j are none', (roles) => {
    expect(problemsOf({ ...BY_SECRET, IDENTITY_ROLES: roles })).toEqual([
      expect.stringMatching(/^IDENTITY_ROLES: must be pairs/),
    ])
  })

  test('a claim for roles that mean nothing is a mistake', () => {
    expect(problemsOf({ ...BY_SECRET, IDENTITY_ROLES_CLAIM: 'groups' })).toEqual([
      expect.stringMatching(/^IDENTITY_ROLES: /),
    ])
  })
})

describe('what would be unsafe or useless', () => {
  test.each([
    [{ IDENTITY_SECRET: SECRET.slice(1) }, /^IDENTITY_SECRET: .*32 bytes/],
    [{ IDENTITY_SECRET: `-----BEGIN PUBLIC KEY-----\n${SECRET}` }, /^IDENTITY_SECRET: .*PEM/],
    [{ IDENTITY_SECRET: JSON.stringify({ kty: 'RSA', n: SECRET }) }, /^IDENTITY_SECRET: .*PEM/],
    [{ IDENTITY_ISSUER: '' }, /^IDENTITY_ISSUER: /],
    [{ IDENTITY_ISSUER: 'colloquy' }, /^IDENTITY_ISSUER: .*colloquy/],
    [{ IDENTITY_AUDIENCE: ' , ' }, /^IDENTITY_AUDIENCE: /],
    [{ IDENTITY_JWKS_URL: 'https://sso/certs' }, /^IDENTITY_SECRET: must be left out/],
    [{ IDENTITY_SECRET: '' }, /^IDENTITY_SECRET: must be set/],
    [{ IDENTITY_SECRET: '', IDENTITY_JWKS_URL: 'file:///etc/keys' }, /^IDENTITY_JWKS_URL: /],
    [{ IDENTITY_PRESET: 'auth0' }, /^IDENTITY_PRESET: must be keycloak/],
  ])('%j is refused', (change, problem) => {
    const problems = problemsOf({ ...BY_SECRET, ...change })
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(problems.join()).not.toContain(SECRET.slice(1))
  })
})

describe('keycloak', () => {
  test('needs an issuer and an audience', () => {
    expect(identityOf(KEYCLOAK)).toEqual({
      keys: {
        kind: 'jwks',
        url: 'https://sso.example.com/realms/shop/protocol/openid-connect/certs',
        namedBy: 'operator',
      },
      issuer: KEYCLOAK.IDENTITY_ISSUER,
      audiences: ['chat.web'],
      claims: {
        roles: [
          ['realm_access', 'roles'],
          ['resource_access', 'chat.web', 'roles'],
        ],
        roleNames: {},
        tenant: null,
      },
    })
  })

  test('may be reached by another address, and keep its roles elsewhere', () => {
    const env = {
      ...KEYCLOAK,
      IDENTITY_JWKS_URL: 'http://keycloak:8080/certs',
      IDENTITY_ROLES_CLAIM: 'groups',
      IDENTITY_ROLES: 'staff=agent',
    }
    expect(identityOf(env)).toMatchObject({
      keys: { url: 'http://keycloak:8080/certs' },
      claims: { roles: [['groups']], roleNames: { staff: 'agent' } },
    })
  })

  test('without an issuer says what is missing', () => {
    expect(problemsOf({ IDENTITY_PRESET: 'keycloak' })).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^IDENTITY_ISSUER: /),
        expect.stringMatching(/^IDENTITY_AUDIENCE: /),
      ]),
    )
  })
})
