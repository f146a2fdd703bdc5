import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type CryptoKey } from 'jose'
import type { IdentityKeys, IdentitySettings } from '../../packages/chat-proxy/src/domain/identity.js'
import { IssuerTokens } from '../../packages/chat-proxy/src/infrastructure/auth/issuer-tokens.js'
import { JwtSessionTokens } from '../../packages/chat-proxy/src/infrastructure/auth/jwt-session-tokens.js'
import { PinoLogger } from '../../packages/chat-proxy/src/infrastructure/logging/pino-logger.js'
import { SystemClock } from '../../packages/chat-proxy/src/infrastructure/time/system-clock.js'
import { median, quantile, scaled, spread, spreadOf, type Bench, type Figure } from '../figure.js'
import { named } from '../peers/bundles.js'

const ISSUER = 'https://sso.example.com/realms/shop'
const AUDIENCE = 'chat'
const SECRET = 'what the host and the proxy alone know'
/** Tokens of different users, one check each. */
const FIRST = scaled(4_000)
const WARM_UP = 500
/** Checks of tokens that were seen before. */
const AGAIN = scaled(100_000)
const LIMIT_MS = 0.5
const ROUNDS = 5

/** What it costs to know who is calling: the first request of a token, and all others. */
export const identityCheck: Bench = {
  name: 'Identity check',
  async run() {
    const secret = new TextEncoder().encode(SECRET)
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] }
    const published: IdentityKeys = { kind: 'jwks', url: `${ISSUER}/certs`, namedBy: 'operator' }
    const hs256 = await measure({ alg: 'HS256', keys: { kind: 'secret', secret: SECRET } }, secret, secret)
    const rs256 = await measure({ alg: 'RS256', keys: published, jwks }, privateKey, publicKey)
    const session = await measureSession()
    return [
      figureOf('HS256, first time', hs256.first, hs256.alone),
      figureOf('RS256, first time', rs256.first, rs256.alone),
      figureOf('RS256, again', rs256.again, rs256.alone),
      figureOf('session token, again', session, hs256.alone),
    ]
  },
}

interface Setting {
  readonly alg: string
  readonly keys: IdentityKeys
  readonly jwks?: object
}

interface Samples {
  /** Each in ms. */
  readonly first: readonly number[]
  readonly again: readonly number[]
  /** jose by itself with the same token and key, in the same run. */
  readonly alone: readonly number[]
}

async function measure(
  { alg, keys, jwks = {} }: Setting,
  signing: CryptoKey | Uint8Array,
  verifying: CryptoKey | Uint8Array,
): Promise<Samples> {
  const tokens = await Promise.all(
    Array.from({ length: WARM_UP + FIRST }, (_, user) => sign(alg, signing, `user-${user}`)),
  )
  const issuerTokens = new IssuerTokens({
    settings: settingsOf(keys),
    tenants: { findByIssuer: () => Promise.resolve([]) },
    door: { get: () => Promise.resolve({ status: 200, body: Buffer.from(JSON.stringify(jwks)) }) },
    clock: new SystemClock(),
    logger: new PinoLogger({ level: 'silent' }),
  })
  const options = { issuer: ISSUER, audience: AUDIENCE, algorithms: [alg] }
  const [warmUp, others] = [tokens.slice(0, WARM_UP), tokens.slice(WARM_UP)]
  for (const token of warmUp) {
    await jwtVerify(token, verifying, options)
    await issuerTokens.verify(token)
  }
  const first: number[] = []
  const alone: number[] = []
  for (const [index, token] of others.entries()) {
    // In turns, so that neither always finds what the other has warmed up.
    const ours = async () => first.push(await timed(() => issuerTokens.verify(token)))
    const theirs = async () => alone.push(await timed(() => jwtVerify(token, verifying, options)))
    for (const one of index % 2 === 0 ? [ours, theirs] : [theirs, ours]) await one()
  }
  return { first, alone, again: await repeated(others, (token) => issuerTokens.verify(token)) }
}

async function measureSession(): Promise<readonly number[]> {
  const key = crypto.getRandomValues(new Uint8Array(32))
  const sessions = new JwtSessionTokens({ key, clock: new SystemClock() })
  const issue = async (visitor: number): Promise<string> => {
    const subject = `v_${visitor}`
    return (await sessions.issue({ tenantId: 'default', subject, kind: 'visitor', role: 'visitor' })).token
  }
  const tokens = await Promise.all(Array.from({ length: FIRST }, (_, visitor) => issue(visitor)))
  for (const token of tokens) await sessions.verify(token)
  return repeated(tokens, (token) => sessions.verify(token))
}

async function repeated(
  tokens: readonly string[],
  check: (token: string) => Promise<unknown>,
): Promise<readonly number[]> {
  const samples: number[] = []
  for (let i = 0; i < AGAIN; i += 1) {
    const token = tokens[i % tokens.length] ?? ''
    samples.push(await timed(() => check(token)))
  }
  return samples
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const sign = (alg: string, key: CryptoKey | Uint8Array, subject: string): Promise<string> =>
  new SignJWT({ realm_access: { roles: ['offline_access', 'support'] }, scope: 'openid email profile' })
    .setProtectedHeader({ alg, kid: 'k', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setExpirationTime('1h')
    .sign(key)

const settingsOf = (keys: IdentityKeys): IdentitySettings => ({
  keys,
  issuer: ISSUER,
  audiences: [AUDIENCE],
  claims: { roles: [['realm_access', 'roles']], roleNames: { support: 'agent' }, tenant: null },
})

/** One row: the p99 beside the limit and beside that of jose alone in the same run, which tells how busy the machine was; then the median. */
function figureOf(name: string, samples: readonly number[], alone: readonly number[]): Figure {
  const p99 = inRounds(samples, 0.99)
  const ratio = median(samples) / median(alone)
  return {
    name: `${name}: p99; p50; p50 ÷ that of jose alone`,
    today: spreadOf(named('jose'), inRounds(alone, 0.99), 'µs', 1),
    target: `≤ ${LIMIT_MS * 1000} µs`,
    measured: `${spread(p99, 'µs', 1)}; ${spread(inRounds(samples, 0.5), 'µs', 1)}; ${ratio.toFixed(2)}`,
    met: median(p99) <= LIMIT_MS * 1000,
  }
}

/** @returns in microseconds, of each fifth of the samples */
function inRounds(samples: readonly number[], share: number): readonly number[] {
  const length = Math.ceil(samples.length / ROUNDS)
  return Array.from(
    { length: ROUNDS },
    (_, round) => quantile(samples.slice(round * length, (round + 1) * length), share) * 1000,
  )
}
