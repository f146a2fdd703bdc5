import { exportJWK } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PinoLogger } from '../logging/pino-logger.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { PublishedKeys } from './published-keys.js'
import { IssuerDoor, newKey, signWith, type SigningKey } from './testing/issuer.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let first: SigningKey
let second: SigningKey
beforeAll(async () => {
  ;[first, second] = [await newKey('ES256', 'first'), await newKey('ES256', 'second')]
})

let clock: FakeClock
let door: IssuerDoor
let published: PublishedKeys
let logLines: string[]
beforeEach(() => {
  clock = new FakeClock()
  door = new IssuerDoor()
  door.publish(first)
  logLines = []
  const logger = new PinoLogger({
    level: 'debug',
    destination: { write: (line) => void logLines.push(line) },
  })
  const request = { url: 'https://sso.example.com/certs', reach: 'public' } as const
  published = new PublishedKeys(request, { door, clock, logger })
})

const verify = async (key: SigningKey): Promise<string> => {
  const token = await signWith(key, { sub: '42' })
  return published.verify(token, {}).then(
    ({ claims }) => claims.sub ?? 'nobody',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  )
}
const UNKNOWN = 'ERR_JWKS_NO_MATCHING_KEY'

describe('fetching', () => {
  test('is done when the first token comes, and not again for ten minutes', async () => {
    expect(door.requests).toHaveLength(0)
    for (let i = 0; i < 3; i++) expect(await verify(first)).toBe('42')
    clock.advance(10 * MINUTE - 1)
    expect(await verify(first)).toBe('42')
    expect(door.requests).toHaveLength(1)
    clock.advance(1)
    expect(await verify(first)).toBe('42')
    expect(door.requests).toHaveLength(2)
  })

  test('is bounded, and goes only where it may', async () => {
    await verify(first)
    expect(door.requests).toEqual([
      { url: 'https://sso.example.com/certs', reach: 'public', timeoutMs: 5_000, maxBytes: 262_144 },
    ])
  })

  test('is done once for all who wait', async () => {
    door.hold()
    const all = Promise.all(Array.from({ length: 50 }, () => verify(first)))
    await clock.advanceAsync(0)
    door.release?.()
    expect(new Set(await all)).toEqual(new Set(['42']))
    expect(door.requests).toHaveLength(1)
  })

  test('a removed key is gone after ten minutes', async () => {
    await verify(first)
    door.publish(second)
    clock.advance(10 * MINUTE)
    expect(await verify(first)).toBe(UNKNOWN)
  })
})

describe('an unknown kid', () => {
  test('makes it look again, so that a new key works at once', async () => {
    await verify(first)
    clock.advance(30_000)
    door.publish(first, second)
    expect(await verify(second)).toBe('42')
    expect(door.requests).toHaveLength(2)
  })

  test('makes it look at most every 30 seconds, whatever comes in', async () => {
    await verify(first)
    for (let second_ = 0; second_ < 60; second_++) {
      expect(await verify(second)).toBe(UNKNOWN)
      clock.advance(1_000)
    }
    expect(door.requests).toHaveLength(2)
    expect(await verify(second)).toBe(UNKNOWN)
    expect(door.requests).toHaveLength(3)
  })
})

describe('while the issuer is away', () => {
  beforeEach(async () => {
    await verify(first)
    door.text = null
  })

  test('the last keys are used for 24 hours', async () => {
    clock.advance(24 * HOUR - 1)
    expect(await verify(first)).toBe('42')
    clock.advance(30_001)
    expect(await verify(first)).toBe('identity-unavailable')
  })

  test('it is tried every 30 seconds, and nobody waits for it but the first', async () => {
    clock.advance(10 * MINUTE)
    expect(await verify(first)).toBe('42')
    expect(door.requests).toHaveLength(2)
    clock.advance(30_000)
    door.hold()
    expect(await verify(first)).toBe('42')
    expect(door.requests).toHaveLength(3)
    door.release?.()
  })

  test('what it publishes when it is back counts', async () => {
    clock.advance(10 * MINUTE)
    expect(await verify(first)).toBe('42')
    door.publish(second)
    clock.advance(30_000)
    expect(await verify(second)).toBe('42')
  })

  test('before it was ever there, nobody can be checked, and it is tried again after 30 seconds', async () => {
    const request = { url: 'https://new.example.com/certs', reach: 'public' } as const
    published = new PublishedKeys(request, { door, clock, logger: new PinoLogger({ level: 'silent' }) })
    expect(await verify(first)).toBe('identity-unavailable')
    door.publish(first)
    expect(await verify(first)).toBe('identity-unavailable')
    clock.advance(30_000)
    expect(await verify(first)).toBe('42')
  })

  test('it is said in the log, without addresses', async () => {
    clock.advance(10 * MINUTE)
    await verify(first)
    expect(logLines.join()).toContain('could not be fetched')
    expect(logLines.join()).not.toContain('sso.example.com')
  })
})

describe('what is no key set', () => {
  test.each(['', 'null', '[]', '{"keys":{}}', '{"keys":[]}', '<html>', '{"keys":[null,7,{}]}'])(
    '%j leaves the old one in use',
    async (text) => {
      await verify(first)
      door.text = text
      clock.advance(10 * MINUTE)
      expect(await verify(first)).toBe('42')
    },
  )

  test('nor is an answer other than 200', async () => {
    door.status = 302
    expect(await verify(first)).toBe('identity-unavailable')
  })

  test('private keys, secrets and short keys in it verify nothing', async () => {
    const privateJwk = { ...(await exportJWK(first.privateKey)), kid: 'first' }
    const oct = { kty: 'oct', k: 'c2VjcmV0', kid: 'first', alg: 'HS256' }
    const short = { kty: 'RSA', n: 'A'.repeat(171), e: 'AQAB', kid: 'first' }
    door.text = JSON.stringify({ keys: [privateJwk, oct, short, second.jwk] })
    expect(await verify(first)).toBe(UNKNOWN)
    expect(await verify(second)).toBe('42')
  })

  test('a key for encryption or another algorithm verifies nothing', async () => {
    door.text = JSON.stringify({ keys: [{ ...first.jwk, use: 'enc' }, second.jwk] })
    expect(await verify(first)).toBe(UNKNOWN)
  })

  test('a key that cannot be imported makes its tokens bad, and nothing else', async () => {
    door.text = JSON.stringify({ keys: [{ ...first.jwk, x: 'AAAA' }, second.jwk] })
    expect(await verify(first)).toMatch(/^ERR_J/)
    expect(await verify(second)).toBe('42')
  })
})

test('the version changes with the keys, and not with every fetch', async () => {
  await verify(first)
  const version = published.version()
  clock.advance(10 * MINUTE)
  expect(published.version()).toBe(version)
  await clock.advanceAsync(0)
  expect(door.requests).toHaveLength(2)
  expect(published.version()).toBe(version)
  door.publish(second)
  clock.advance(10 * MINUTE)
  published.version()
  await clock.advanceAsync(0)
  expect(published.version()).not.toBe(version)
})
