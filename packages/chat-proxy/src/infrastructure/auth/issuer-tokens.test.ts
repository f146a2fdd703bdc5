import { CompactSign, exportSPKI, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { crowdedAudiences, MOST_KEYS_OF_AN_AUDIENCE } from '../../domain/crowded-audiences.js'
import { DomainError, type DomainErrorCode } from '../../domain/errors.js'
import type { IdentityKeys, IdentitySettings } from '../../domain/identity.js'
import { tenantOf, type Tenant } from '../../domain/tenant.js'
import { PinoLogger } from '../logging/pino-logger.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { IssuerTokens } from './issuer-tokens.js'
import { AUDIENCE, ISSUER, IssuerDoor, newKey, signWith, type SigningKey } from './testing/issuer.js'

const NOW = Date.UTC(2026, 4, 1)
const seconds = NOW / 1000
const SECRET = 'a secret of the host that is long enough'
const SECRET_KEYS: IdentityKeys = { kind: 'secret', secret: SECRET }
const JWKS_KEYS: IdentityKeys = { kind: 'jwks', url: `${ISSUER}/certs`, namedBy: 'operator' }
const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: '42', exp: seconds + 600 }

const settings = (keys: IdentityKeys, over: Partial<IdentitySettings> = {}): IdentitySettings => ({
  keys,
  issuer: ISSUER,
  audiences: [AUDIENCE],
  claims: { roles: [['roles']], roleNames: { boss: 'admin', helper: 'agent' }, tenant: null },
  ...over,
})

const keys = new Map<string, SigningKey>()
const key = (alg: string): SigningKey => {
  const found = keys.get(alg)
  if (!found) throw new Error(`No key for ${alg}.`)
  return found
}
const PUBLISHED = ['RS256', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA']
beforeAll(async () => {
  for (const alg of PUBLISHED) keys.set(alg, await newKey(alg, `key-${alg}`))
})

interface Given {
  readonly installation?: IdentitySettings | null
  readonly tenants?: readonly Tenant[]
}

function setUp({ installation = settings(JWKS_KEYS), tenants = [] }: Given = {}) {
  const clock = new FakeClock(NOW)
  const door = new IssuerDoor()
  door.publish(...keys.values())
  const directory = { tenants }
  const tokens = new IssuerTokens({
    settings: installation,
    tenants: {
      findByIssuer: (issuer) =>
        Promise.resolve(directory.tenants.filter(({ identity }) => identity?.issuer === issuer)),
    },
    door,
    clock,
    logger: new PinoLogger({ level: 'silent' }),
  })
  return { clock, door, directory, tokens }
}
const bySecret = (): ReturnType<typeof setUp> => setUp({ installation: settings(SECRET_KEYS) })

const hs = (claims: Record<string, unknown>, header: Record<string, unknown> = {}, secret = SECRET) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header })
    .sign(new TextEncoder().encode(secret))

const failsWith = async (work: Promise<unknown>, code: DomainErrorCode): Promise<void> => {
  const error = await work.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DomainError)
  expect(error).toMatchObject({ code })
}

/** A token of a known issuer that is not good, whatever kind of key the issuer has. */
const isRefused = async (token: string): Promise<void> => {
  for (const { tokens } of [setUp(), bySecret()]) await failsWith(tokens.verify(token), 'not-authenticated')
}

const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const IDENTITY = {
  userId: '42',
  grants: [{ tenantId: 'default', role: 'user' }],
  expiresAt: NOW + 600_000,
}

test('the address of keys that a tenant names leads to the public internet alone, that of the operator anywhere', async () => {
  for (const [namedBy, reach] of [
    ['tenant', 'public'],
    ['operator', 'anywhere'],
  ] as const) {
    const { tokens, door } = setUp({ installation: settings({ ...JWKS_KEYS, namedBy }) })
    await tokens.verify(await signWith(key('RS256'), CLAIMS))
    expect(door.requests).toMatchObject([{ reach }])
  }
})

describe('many tenants with one issuer and a secret each', () => {
  const secretOf = (index: number): string => `the secret of tenant ${index}, which is long enough`
  const tenants = (over: (index: number) => Partial<IdentitySettings>): readonly Tenant[] =>
    Array.from({ length: 50 }, (_, index) =>
      tenantOf({
        id: `t_${index}`,
        identity: settings({ kind: 'secret', secret: secretOf(index) }, over(index)),
      }),
    )

  test('are told apart by their audience', async () => {
    const { tokens } = setUp({ tenants: tenants((index) => ({ audiences: [`chat-${index}`] })) })
    const token = await hs({ ...CLAIMS, aud: 'chat-49' }, {}, secretOf(49))
    expect(await tokens.verify(token)).toMatchObject({ grants: [{ tenantId: 't_49', role: 'user' }] })
    await failsWith(
      tokens.verify(await hs({ ...CLAIMS, aud: 'chat-49' }, {}, secretOf(48))),
      'not-authenticated',
    )
  })

  test('are told apart by the claim that names the tenant', async () => {
    const claims = { roles: [['roles']], roleNames: {}, tenant: ['site'] } as const
    const { tokens } = setUp({ tenants: tenants(() => ({ claims: { ...claims, roles: [['roles']] } })) })
    const token = await hs({ ...CLAIMS, site: 't_49' }, {}, secretOf(49))
    expect(await tokens.verify(token)).toMatchObject({ grants: [{ tenantId: 't_49', role: 'user' }] })
    await failsWith(
      tokens.verify(await hs({ ...CLAIMS, site: 't_49' }, {}, secretOf(1))),
      'not-authenticated',
    )
    await failsWith(
      tokens.verify(await hs({ ...CLAIMS, site: 't_none' }, {}, secretOf(1))),
      'not-authenticated',
    )
  })
})

test('as many tenants as an audience may have can sign in beside the installation, each with its secret', async () => {
  const secretOf = (index: number): string => `the secret of tenant ${index}, which is long enough`
  const tenants = Array.from({ length: MOST_KEYS_OF_AN_AUDIENCE }, (_, index) =>
    tenantOf({ id: `t_${index}`, identity: settings({ kind: 'secret', secret: secretOf(index) }) }),
  )
  expect(crowdedAudiences(tenants)).toEqual([])
  const { tokens } = setUp({ installation: settings(SECRET_KEYS), tenants })
  for (const [index, { id }] of tenants.entries())
    expect(await tokens.verify(await hs(CLAIMS, {}, secretOf(index)))).toMatchObject({
      grants: [{ tenantId: id }],
    })
})

describe('good tokens', () => {
  test.each(PUBLISHED)('signed with %s', async (alg) => {
    expect(await setUp().tokens.verify(await signWith(key(alg), CLAIMS))).toEqual(IDENTITY)
  })

  test.each(['HS256', 'HS384', 'HS512'])('signed with a shared secret and %s', async (alg) => {
    expect(await bySecret().tokens.verify(await hs(CLAIMS, { alg }))).toEqual(IDENTITY)
  })

  test('one audience of several is enough', async () => {
    const token = await hs({ ...CLAIMS, aud: ['account', AUDIENCE] })
    expect(await bySecret().tokens.verify(token)).toEqual(IDENTITY)
  })

  test('an access token may say that it is one', async () => {
    expect(await bySecret().tokens.verify(await hs(CLAIMS, { typ: 'at+jwt' }))).toEqual(IDENTITY)
    expect(await bySecret().tokens.verify(await hs(CLAIMS, { typ: undefined }))).toEqual(IDENTITY)
  })

  test('of somebody else are left to others', async () => {
    for (const iss of ['https://elsewhere.example.com', `${ISSUER}/`, 'colloquy'])
      expect(await bySecret().tokens.verify(await hs({ ...CLAIMS, iss }))).toBeNull()
    for (const text of ['', 'abc', 'a.b.c', 'a.b.c.d.e', `${base64url({})}.${base64url([])}.x`])
      expect(await bySecret().tokens.verify(text)).toBeNull()
  })
})

describe('time', () => {
  test('a token is good until 30 seconds after its end', async () => {
    const { clock, tokens } = bySecret()
    const token = await hs(CLAIMS)
    expect(await tokens.verify(token)).toEqual(IDENTITY)
    clock.advance(629_000)
    expect(await tokens.verify(token)).toEqual(IDENTITY)
    clock.advance(1_000)
    await failsWith(tokens.verify(token), 'token-expired')
  })

  test('and from 30 seconds before its beginning', async () => {
    expect(await bySecret().tokens.verify(await hs({ ...CLAIMS, nbf: seconds + 30 }))).toEqual(IDENTITY)
    await failsWith(bySecret().tokens.verify(await hs({ ...CLAIMS, nbf: seconds + 31 })), 'not-authenticated')
  })

  test('a token that has ended and is wrong is not called expired', async () => {
    const old = { ...CLAIMS, exp: seconds - 100 }
    await failsWith(bySecret().tokens.verify(await hs(old)), 'token-expired')
    await isRefused(await hs(old, {}, 'another secret that is long enough too'))
    await isRefused(await hs({ ...old, aud: 'other' }))
  })
})

describe('claims', () => {
  test.each(['sub', 'exp', 'aud'])('%s has to be there', async (name) => {
    await isRefused(await hs({ ...CLAIMS, [name]: undefined }))
    await isRefused(await signWith(key('RS256'), { ...CLAIMS, [name]: undefined }))
  })

  test.each([
    { aud: 'other' },
    { aud: [] },
    { aud: { chat: true } },
    { sub: '' },
    { sub: 42 },
    { sub: 'x'.repeat(256) },
    { sub: 'a\u0000b' },
    { sub: '\ud800' },
    { sub: ['42'] },
    { exp: `${seconds + 600}` },
    { exp: null },
    { nbf: 'now' },
  ])('%j is refused', async (change) => {
    const json = JSON.stringify({ ...CLAIMS, ...change })
    await isRefused(await rawToken('{"alg":"HS256"}', json))
  })

  const rolesOf = async (over: Record<string, unknown>, paths: IdentitySettings['claims']['roles']) => {
    const claims = { ...settings(SECRET_KEYS).claims, roles: paths }
    const { tokens } = setUp({ installation: settings(SECRET_KEYS, { claims }) })
    return (await tokens.verify(await hs({ ...CLAIMS, ...over })))?.grants[0]?.role
  }

  test('roles are found where the configuration says, and the strongest counts', async () => {
    expect(await rolesOf({ roles: ['helper', 'boss'] }, [['roles']])).toBe('admin')
    expect(await rolesOf({ roles: 'helper' }, [['roles']])).toBe('agent')
    expect(await rolesOf({ a: { 'b.c': ['boss'] }, roles: ['helper'] }, [['a', 'b.c'], ['roles']])).toBe(
      'admin',
    )
  })

  test('names that the configuration does not know mean nothing', async () => {
    for (const roles of [['admin'], ['constructor'], ['__proto__'], 7, { boss: true }, null, [['boss']]])
      expect(await rolesOf({ roles }, [['roles']])).toBe('user')
    expect(await rolesOf({ roles: 'boss' }, [['roles', 'length']])).toBe('user')
    expect(await rolesOf({}, [['constructor', 'name']])).toBe('user')
  })
})

describe('tenants', () => {
  const own = (id: string, over: Partial<IdentitySettings> = {}): Tenant =>
    tenantOf({ id, identity: settings(SECRET_KEYS, over) })
  const claims = { ...settings(SECRET_KEYS).claims, tenant: ['tenants'] as const }
  const grants = async (given: Given, over: Record<string, unknown> = {}) =>
    (await setUp(given).tokens.verify(await hs({ ...CLAIMS, ...over })))?.grants

  test('settings of a tenant give that tenant alone', async () => {
    expect(await grants({ installation: null, tenants: [own('acme')] })).toEqual([
      { tenantId: 'acme', role: 'user' },
    ])
  })

  test('a claim names one tenant or several for the installation', async () => {
    const installation = settings(SECRET_KEYS, { claims })
    expect(await grants({ installation }, { tenants: 'acme' })).toMatchObject([{ tenantId: 'acme' }])
    expect(await grants({ installation }, { tenants: ['acme', 'default', 'acme'] })).toMatchObject([
      { tenantId: 'acme' },
      { tenantId: 'default' },
    ])
  })

  test('a token that should name its tenant and does not is refused', async () => {
    for (const tenants of [undefined, [], '', 7, {}])
      await failsWith(
        grants({ installation: settings(SECRET_KEYS, { claims }) }, { tenants }),
        'not-authenticated',
      )
  })

  test('a claim can narrow what a tenant accepts, and never widen it', async () => {
    const given = { installation: null, tenants: [own('acme', { claims })] }
    expect(await grants(given, { tenants: ['acme', 'other'] })).toMatchObject([{ tenantId: 'acme' }])
    await failsWith(grants(given, { tenants: ['other'] }), 'not-authenticated')
  })

  test('tenants that share an issuer are told apart by their keys and audiences', async () => {
    const tenants = [
      own('acme'),
      own('other', { keys: { kind: 'secret', secret: 'the other secret, which is long enough' } }),
      own('third', { audiences: ['elsewhere'] }),
    ]
    expect(await grants({ installation: null, tenants })).toMatchObject([{ tenantId: 'acme' }])
    expect(await grants({ installation: null, tenants }, { aud: ['elsewhere'] })).toMatchObject([
      { tenantId: 'third' },
    ])
  })

  test('a tenant of the installation and of its own gets the stronger role', async () => {
    const strict = { ...settings(SECRET_KEYS).claims, roleNames: { boss: 'agent' as const } }
    const tenants = [own('default', { claims: strict })]
    const installation = settings(SECRET_KEYS)
    expect(await grants({ installation, tenants }, { roles: ['boss'] })).toEqual([
      { tenantId: 'default', role: 'admin' },
    ])
  })
})

describe('what was verified is remembered', () => {
  test('and not verified again', async () => {
    const { tokens, door, clock } = setUp()
    const token = await signWith(key('RS256'), { ...CLAIMS, exp: seconds + 86_400 * 2 })
    const first = await tokens.verify(token)
    clock.advance(5 * 60_000)
    expect(await tokens.verify(token)).toBe(first)
    expect(door.requests).toHaveLength(1)
  })

  test('until its settings change or go', async () => {
    const acme = tenantOf({ id: 'acme', identity: settings(SECRET_KEYS) })
    const { tokens, directory } = setUp({ installation: null, tenants: [acme] })
    const token = await hs(CLAIMS)
    expect(await tokens.verify(token)).not.toBeNull()
    const keys: IdentityKeys = { kind: 'secret', secret: 'a new secret after the old one leaked' }
    directory.tenants = [{ ...acme, identity: settings(keys) }]
    await failsWith(tokens.verify(token), 'not-authenticated')
    directory.tenants = []
    expect(await tokens.verify(token)).toBeNull()
  })

  test('until the issuer takes the key back', async () => {
    const { tokens, door, clock } = setUp()
    const token = await signWith(key('RS256'), { ...CLAIMS, exp: seconds + 86_400 })
    expect(await tokens.verify(token)).not.toBeNull()
    door.publish(key('ES256'))
    clock.advance(10 * 60_000)
    // The look at the token's age starts the fetch; the next one sees what came of it.
    await tokens.verify(token)
    await clock.advanceAsync(0)
    await failsWith(tokens.verify(token), 'not-authenticated')
  })
})

const rawToken = async (header: string, payload: string, secret = SECRET): Promise<string> => {
  const text = `${base64url(header)}.${base64url(payload)}`
  const signing = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const mac = await crypto.subtle.sign('HMAC', signing, new TextEncoder().encode(text))
  return `${text}.${Buffer.from(mac).toString('base64url')}`
}

describe('forgery', () => {
  test('no algorithm', async () => {
    await isRefused(`${new UnsecuredJWT(CLAIMS).encode()}x`)
    const [, payload, signature] = (await hs(CLAIMS)).split('.')
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, 0, ['HS256'], {}]) {
      await isRefused(`${base64url({ alg })}.${payload}.${signature}`)
      expect(await bySecret().tokens.verify(`${base64url({ alg })}.${payload}.`)).toBeNull()
    }
    await isRefused(`${base64url({ typ: 'JWT' })}.${payload}.${signature}`)
  })

  test('a public key used as a secret, in every form it has', async () => {
    const { jwk } = key('RS256')
    const publicKey = await crypto.subtle.importKey(
      'jwk',
      jwk,
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      true,
      ['verify'],
    )
    const pem = await exportSPKI(publicKey)
    for (const secret of [pem, pem.trim(), JSON.stringify(jwk), jwk.n ?? ''])
      for (const alg of ['HS256', 'HS384', 'HS512'])
        await isRefused(await hs(CLAIMS, { alg, kid: 'key-RS256' }, secret))
  })

  test('algorithms of the other kind of key, or of another key', async () => {
    await failsWith(setUp().tokens.verify(await hs(CLAIMS)), 'not-authenticated')
    await failsWith(bySecret().tokens.verify(await signWith(key('RS256'), CLAIMS)), 'not-authenticated')
    const [, payload, signature] = (await signWith(key('RS256'), CLAIMS)).split('.')
    for (const alg of ['RS384', 'RS512', 'PS256', 'ES256', 'EdDSA', 'HS256', 'rs256', 'RSA1_5'])
      await isRefused(`${base64url({ alg, kid: 'key-RS256' })}.${payload}.${signature}`)
  })

  test('keys of its own in the header', async () => {
    const mine = await newKey('RS256', 'key-RS256')
    const headers = [
      { jwk: mine.jwk },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example/cert' },
      { x5c: ['MIIB'] },
    ]
    for (const header of [{}, ...headers]) await isRefused(await signWith(mine, CLAIMS, header))
    // Also where the signature is good: such a header is asking for something.
    for (const header of headers) {
      await isRefused(await signWith(key('RS256'), CLAIMS, header))
      await isRefused(await hs(CLAIMS, header))
    }
  })

  test('extensions, other types, nesting', async () => {
    for (const header of [
      { cty: 'JWT' },
      { typ: 'logout+jwt' },
      { typ: 'JWE' },
      { typ: 7 },
      { zip: 'DEF' },
      { enc: 'A256GCM' },
      { b64: true },
    ])
      await isRefused(await rawToken(JSON.stringify({ alg: 'HS256', ...header }), JSON.stringify(CLAIMS)))
    for (const crit of [['b64'], ['exp'], [], 'exp']) {
      const header = { alg: 'HS256', crit, b64: false, exp: 1 }
      await isRefused(await rawToken(JSON.stringify(header), JSON.stringify(CLAIMS)))
    }
    const nested = await new CompactSign(new TextEncoder().encode(await hs(CLAIMS)))
      .setProtectedHeader({ alg: 'HS256', cty: 'JWT' })
      .sign(new TextEncoder().encode(SECRET))
    expect(await bySecret().tokens.verify(nested)).toBeNull()
  })

  test('a kid that is empty, strange, or too long', async () => {
    for (const kid of ['', 7, null, {}, ['key-RS256'], 'x'.repeat(257)])
      await isRefused(await rawToken(JSON.stringify({ alg: 'HS256', kid }), JSON.stringify(CLAIMS)))
    for (const kid of ['../../dev/null', "' or 1=1", 'key-ES256', 'KEY-RS256', 'key-RS256 '])
      await isRefused(await signWith(key('RS256'), CLAIMS, { kid }))
  })

  test('names that stand twice, in the header or anywhere in the claims', async () => {
    const claims = JSON.stringify(CLAIMS).slice(1)
    const refused = [
      ['{"alg":"none","alg":"HS256"}', `{${claims}`],
      ['{"alg":"HS256","\\u0061lg":"HS256"}', `{${claims}`],
      ['{"alg":"HS256"}', `{"sub":"1",${claims}`],
      ['{"alg":"HS256"}', `{"s\\u0075b":"1",${claims}`],
      ['{"alg":"HS256"}', `{"realm_access":{"roles":[],"roles":["boss"]},${claims}`],
      ['{"alg":"HS256"}', `{"a":[{"b":1,"b":2}],${claims}`],
    ] as const
    for (const [header, payload] of refused) await isRefused(await rawToken(header, payload))
    const once = `{"a":{"b":1},"c":{"b":"x\\",\\"b\\":"},"d":["b","b"],${claims}`
    expect(await bySecret().tokens.verify(await rawToken('{"alg":"HS256"}', once))).toEqual(IDENTITY)
  })

  test('a token without kid is good only where one key alone suits it', async () => {
    const { tokens, door } = setUp()
    door.publish(key('RS256'), key('ES256'))
    expect(await tokens.verify(await signWith(key('ES256'), CLAIMS, { kid: undefined }))).toEqual(IDENTITY)
    const twins = setUp()
    const twin = await newKey('ES256', 'key-ES256')
    twins.door.publish(key('ES256'), twin)
    await failsWith(
      twins.tokens.verify(await signWith(twin, CLAIMS, { kid: undefined })),
      'not-authenticated',
    )
    await failsWith(twins.tokens.verify(await signWith(twin, CLAIMS)), 'not-authenticated')
  })

  test('huge tokens are not even looked at', async () => {
    const huge = await hs({ ...CLAIMS, padding: 'x'.repeat(12_000) })
    expect(await bySecret().tokens.verify(huge)).toBeNull()
    const large = await hs({ ...CLAIMS, padding: 'x'.repeat(6_000) })
    expect(await bySecret().tokens.verify(large)).toEqual(IDENTITY)
  })

  test('white space and padding around a good token', async () => {
    const token = await hs(CLAIMS)
    for (const changed of [` ${token}`, `${token}\n`, `${token}=`, `${token}.`, token.replace('.', '..')])
      expect(await bySecret().tokens.verify(changed)).toBeNull()
  })

  test.each(['HS256', 'RS256', 'ES256', 'EdDSA'])(
    'every single changed bit of a token with %s',
    async (alg) => {
      const { tokens } = alg === 'HS256' ? bySecret() : setUp()
      const token = alg === 'HS256' ? await hs(CLAIMS) : await signWith(key(alg), CLAIMS)
      expect(await tokens.verify(token)).toEqual(IDENTITY)
      for (let at = 0; at < token.length; at++)
        for (let bit = 0; bit < 8; bit++) {
          const letter = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit))
          const changed = token.slice(0, at) + letter + token.slice(at + 1)
          const outcome = await tokens.verify(changed).catch((error: unknown) => error)
          if (outcome !== null) expect(outcome).toMatchObject({ code: 'not-authenticated' })
        }
      expect(await tokens.verify(token)).toEqual(IDENTITY)
    },
  )
})
