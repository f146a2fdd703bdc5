import { CompactSign, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import type { Caller } from '../../domain/caller.js'
import { DomainError, type DomainErrorCode } from '../../domain/errors.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { VerifiedTokens } from './verified-tokens.js'
import { JwtSessionTokens } from './jwt-session-tokens.js'

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i + 1)
const NOW = Date.UTC(2026, 4, 1)
const HOUR = 3600
const DAY = 24 * HOUR
const caller: Caller = { tenantId: 'acme', subject: 'v_000001', kind: 'visitor', role: 'visitor' }

const setUp = () => {
  const clock = new FakeClock(NOW)
  return { clock, tokens: new JwtSessionTokens({ key: KEY, clock }) }
}

/** The error; `null` for what does not even claim to be a token of ours. */
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => (value === null ? null : 'accepted'),
    (thrown: unknown) => thrown,
  )

const failsWith = async (work: Promise<unknown>, code: DomainErrorCode): Promise<void> => {
  const error = await failureOf(work)
  expect(error).toBeInstanceOf(DomainError)
  expect(error).toMatchObject({ code })
}

/** Refused for ever: neither valid nor a ground for renewal. */
const isRefused = (token: string): Promise<void> => isRefusedBy(setUp().tokens, token)

const isRefusedBy = async (tokens: JwtSessionTokens, token: string): Promise<void> => {
  for (const failure of [
    await failureOf(tokens.verify(token)),
    await failureOf(tokens.verifyForRenewal(token)),
  ]) {
    if (failure === null) continue
    expect(failure).toBeInstanceOf(DomainError)
    expect(failure).toMatchObject({ code: 'not-authenticated' })
  }
}

const seconds = NOW / 1000
const claims = {
  iss: 'colloquy',
  aud: 'colloquy:visitor',
  sub: 'v_000001',
  tenant: 'acme',
  role: 'visitor',
  iat: seconds,
  nbf: seconds,
  exp: seconds + HOUR,
}
const sign = (
  payload: Record<string, unknown>,
  key = KEY,
  header: Record<string, unknown> = {},
): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header }).sign(key)

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token that was issued', () => {
  test('gives back its caller', async () => {
    const { tokens } = setUp()
    const { token, expiresAt } = await tokens.issue(caller)
    expect(expiresAt).toBe(NOW + HOUR * 1000)
    expect(await tokens.verify(token)).toEqual(caller)
    expect(await tokens.verifyForRenewal(token)).toMatchObject({ caller })
  })

  test('carries the role', async () => {
    const { tokens } = setUp()
    const { token } = await tokens.issue({ ...caller, role: 'agent' })
    expect(await tokens.verify(token)).toEqual({ ...caller, role: 'agent' })
  })

  test('is good on another instance with the same key', async () => {
    const { token } = await setUp().tokens.issue(caller)
    expect(await setUp().tokens.verify(token)).toEqual(caller)
  })

  test('has the form that the hand-made tokens of these tests have', async () => {
    const { tokens } = setUp()
    expect(await sign(claims).then((token) => tokens.verify(token))).toEqual(caller)
  })

  test('of a user says so, and ends with what the user proved', async () => {
    const { clock, tokens } = setUp()
    const user: Caller = { tenantId: 'acme', subject: 'u_42', kind: 'user', role: 'agent' }
    expect(await tokens.issue(user)).toMatchObject({ expiresAt: NOW + HOUR * 1000 })
    const { token, expiresAt } = await tokens.issue(user, NOW + 600_900)
    expect(expiresAt).toBe(NOW + 600_000)
    expect(await tokens.verify(token)).toEqual(user)
    expect(await tokens.verifyForRenewal(token)).toEqual({ caller: user, expiresAt })
    clock.advance(630_000)
    await failsWith(tokens.verify(token), 'token-expired')
  })
})

describe('time', () => {
  test('a token expires, with 30 seconds of tolerance', async () => {
    const { clock, tokens } = setUp()
    const { token } = await tokens.issue(caller)
    clock.advance((HOUR + 29) * 1000)
    expect(await tokens.verify(token)).toEqual(caller)
    clock.advance(1000)
    await failsWith(tokens.verify(token), 'token-expired')
  })

  test('a cached token expires too', async () => {
    const { clock, tokens } = setUp()
    const { token } = await tokens.issue(caller)
    await tokens.verify(token)
    clock.advance((HOUR + 30) * 1000)
    await failsWith(tokens.verify(token), 'token-expired')
  })

  test('a token is not valid before its time, not for renewal either', async () => {
    const early = await sign({ ...claims, nbf: seconds + 31 })
    await isRefused(early)
    const { clock, tokens } = setUp()
    clock.advance(1000)
    expect(await tokens.verify(early)).toEqual(caller)
  })

  test('an expired token can be renewed for 90 days', async () => {
    const { clock, tokens } = setUp()
    const { token } = await tokens.issue(caller)
    clock.advance((HOUR + 90 * DAY) * 1000 - 1)
    await failsWith(tokens.verify(token), 'token-expired')
    expect(await tokens.verifyForRenewal(token)).toMatchObject({ caller })
    clock.advance(1)
    await failsWith(tokens.verifyForRenewal(token), 'token-expired')
  })

  test('lifetime and renewal window can be set', async () => {
    const clock = new FakeClock(NOW)
    const tokens = new JwtSessionTokens({ key: KEY, clock, lifetime: 60, renewalWindow: 120 })
    const { token, expiresAt } = await tokens.issue(caller)
    expect(expiresAt).toBe(NOW + 60_000)
    clock.advance(179_000)
    expect(await tokens.verifyForRenewal(token)).toMatchObject({ caller })
    clock.advance(1000)
    await failsWith(tokens.verifyForRenewal(token), 'token-expired')
  })

  test('an expired token with a wrong claim is refused for what is wrong, not renewed', async () => {
    const old = { ...claims, nbf: seconds - 2 * HOUR, exp: seconds - HOUR }
    await isRefused(await sign({ ...old, aud: 'someone-else' }))
    await isRefused(await sign({ ...old, iss: 'someone-else' }))
    await setUp().tokens.verifyForRenewal(await sign(old))
    for (const wrong of [{ tenant: 7 }, { role: 'root' }, { sub: '' }])
      await failsWith(setUp().tokens.verifyForRenewal(await sign({ ...old, ...wrong })), 'not-authenticated')
  })
})

describe('forgery', () => {
  test('no algorithm', async () => {
    await isRefused(new UnsecuredJWT(claims).encode())
    const [, payload, signature] = (await sign(claims)).split('.')
    for (const alg of ['none', 'None', 'NONE', '', null]) {
      await isRefused(`${base64url({ alg, typ: 'JWT' })}.${payload}.`)
      await isRefused(`${base64url({ alg, typ: 'JWT' })}.${payload}.${signature}`)
    }
    await isRefused(`${base64url({ typ: 'JWT' })}.${payload}.${signature}`)
  })

  test('another algorithm with the right key', async () => {
    const long = new Uint8Array(64).fill(7)
    const clock = new FakeClock(NOW)
    const tokens = new JwtSessionTokens({ key: long, clock })
    for (const alg of ['HS384', 'HS512'])
      await failsWith(tokens.verify(await sign(claims, long, { alg })), 'not-authenticated')
    const [, payload, signature] = (await sign(claims)).split('.')
    for (const alg of ['hs256', 'RS256', 'ES256', 'EdDSA', ['HS256'], { toString: 'HS256' }])
      await isRefused(`${base64url({ alg, typ: 'JWT' })}.${payload}.${signature}`)
  })

  test('headers that ask for other rules', async () => {
    await isRefused(await sign(claims, KEY, { typ: 'at+jwt' }))
    const body = new TextEncoder().encode(JSON.stringify(claims))
    const header = { alg: 'HS256', typ: 'JWT', b64: false, crit: ['b64'] }
    await isRefused(
      await new CompactSign(body)
        .setProtectedHeader(header)
        .sign(KEY)
        .catch(() => 'a.b.c'),
    )
    const [, payload, signature] = (await sign(claims)).split('.')
    await isRefused(
      `${base64url({ alg: 'HS256', typ: 'JWT', crit: ['exp'], exp: 1 })}.${payload}.${signature}`,
    )
    await isRefused(
      `${base64url({ alg: 'HS256', typ: 'JWT', jwk: { kty: 'oct', k: 'AA' } })}.${payload}.${signature}`,
    )
  })

  test('another key', async () => {
    await isRefused(await sign(claims, Uint8Array.from(KEY).fill(9, 31)))
  })

  test('another payload under a good signature', async () => {
    const [header, , signature] = (await sign(claims)).split('.')
    await isRefused(`${header}.${base64url({ ...claims, tenant: 'other' })}.${signature}`)
  })

  test('every single changed bit of the signature', async () => {
    const { tokens } = setUp()
    const { token } = await tokens.issue(caller)
    const cut = token.lastIndexOf('.') + 1
    const signature = Buffer.from(token.slice(cut), 'base64url')
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const changed = Buffer.from(signature)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await failsWith(tokens.verify(token.slice(0, cut) + changed.toString('base64url')), 'not-authenticated')
    }
    expect(await tokens.verify(token)).toEqual(caller)
  })

  test('every single changed bit of all letters, spare bits included', async () => {
    const { tokens } = setUp()
    const { token } = await tokens.issue(caller)
    for (let at = 0; at < token.length; at++)
      for (let bit = 0; bit < 8; bit++) {
        const letter = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit))
        await isRefusedBy(tokens, token.slice(0, at) + letter + token.slice(at + 1))
      }
    expect(await tokens.verify(token)).toEqual(caller)
  })

  test('missing claims, one by one', async () => {
    for (const name of ['iss', 'aud', 'sub', 'tenant', 'role', 'exp', 'nbf'])
      await isRefused(await sign({ ...claims, [name]: undefined }))
  })

  test('claims of the wrong type or value', async () => {
    const wrong: Record<string, unknown>[] = [
      { tenant: 7 },
      { tenant: ['acme'] },
      { tenant: { id: 'acme' } },
      { tenant: null },
      { tenant: '' },
      { role: 'root' },
      { role: ['admin'] },
      { role: 'constructor' },
      { sub: '' },
      { iss: 'colloquy2' },
      { aud: 'colloquy' },
      { aud: [] },
    ]
    for (const change of wrong) await isRefused(await signRaw({ ...claims, ...change }))
    for (const change of [{ sub: 7 }, { exp: '9999999999' }, { nbf: 'soon' }])
      await isRefused(await signRaw({ ...claims, ...change }))
  })

  test('what is no token at all', async () => {
    for (const text of ['', '.', '..', 'abc', 'a.b.c', 'Bearer x', 'A'.repeat(50_000), '\u0000'])
      await isRefused(text)
    await isRefused(` ${await sign(claims)}`)
    await isRefused(`${await sign(claims)}\n`)
    await isRefused(`${await sign(claims)}=`)
  })
})

test('a key of fewer than 32 bytes is refused', () => {
  expect(() => new JwtSessionTokens({ key: KEY.subarray(1), clock: new FakeClock() })).toThrow('32 bytes')
})

test('a fault that is not the token’s is not reported as a bad token', async () => {
  const { clock, tokens } = setUp()
  const { token } = await tokens.issue(caller)
  vi.spyOn(clock, 'now').mockReturnValue(Number.NaN)
  await expect(tokens.verify(token)).rejects.not.toBeInstanceOf(DomainError)
})

describe('VerifiedTokens', () => {
  test('forgets a token that has expired', () => {
    const clock = new FakeClock(0)
    const verified = new VerifiedTokens<Caller>(clock)
    verified.add('a', caller, 10)
    clock.advance(9)
    expect(verified.get('a')).toEqual(caller)
    clock.advance(1)
    expect(verified.get('a')).toBeNull()
  })

  test('holds the ten thousand that were used last', () => {
    const verified = new VerifiedTokens<Caller>(new FakeClock(0))
    for (let i = 0; i < 10_000; i++) verified.add(`${i}`, caller, 1)
    expect(verified.get('0')).toEqual(caller)
    verified.add('one more', caller, 1)
    expect(verified.get('1')).toBeNull()
    expect(verified.get('0')).toEqual(caller)
    expect(verified.get('2')).toEqual(caller)
  })
})

/** Signs any JSON, also what the builder of tokens would refuse. */
const signRaw = (payload: unknown): Promise<string> =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(KEY)
