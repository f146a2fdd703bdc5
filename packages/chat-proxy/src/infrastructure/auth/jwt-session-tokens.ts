import { errors, jwtVerify, SignJWT, type CryptoKey, type JWTPayload, type JWTVerifyOptions } from 'jose'
import { ROLES, type Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import { SESSION_ISSUER } from '../../domain/identity-problems.js'
import type { Clock } from '../../domain/ports/clock.js'
import type { IssuedToken, Session, SessionTokens } from '../../domain/ports/session-tokens.js'
import { readCompactToken } from './compact-token.js'
import { VerifiedTokens } from './verified-tokens.js'

export interface JwtSessionTokensOptions {
  /** At least 32 bytes of randomness, the same on every instance and after every start. */
  readonly key: Uint8Array
  readonly clock: Clock
  /** Seconds a token is valid. Default 1 hour. */
  readonly lifetime?: number
  /** Seconds after its expiry in which a token can still be renewed. Default 90 days. */
  readonly renewalWindow?: number
}

/** `aud` tells the kinds apart. */
const AUDIENCES: Record<Caller['kind'], string> = { visitor: 'colloquy:visitor', user: 'colloquy:user' }
const ALGORITHM = 'HS256'
const HOUR = 3600
const DAY = 24 * HOUR
/** Seconds by which the clocks of two instances may differ. */
const SKEW = 30
const SHORTEST_KEY = 32

/**
 * Three base64url parts, the last of exactly 32 bytes in its one canonical spelling: decoders ignore the two spare bits
 * of its last letter, so that without this a changed token would be as good as the signed one.
 */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/

/** Session tokens as JWTs signed with one secret of this installation. */
export class JwtSessionTokens implements SessionTokens {
  readonly #key: Promise<CryptoKey>
  readonly #clock: Clock
  readonly #lifetime: number
  readonly #renewalWindow: number
  readonly #verified: VerifiedTokens<Caller>

  /** @throws Error when the key is too short to be safe. */
  constructor(options: JwtSessionTokensOptions) {
    if (options.key.byteLength < SHORTEST_KEY)
      throw new Error(`The key for session tokens needs at least ${SHORTEST_KEY} bytes.`)
    this.#key = importSecret(options.key)
    this.#clock = options.clock
    this.#lifetime = options.lifetime ?? HOUR
    this.#renewalWindow = options.renewalWindow ?? 90 * DAY
    this.#verified = new VerifiedTokens(options.clock)
  }

  async issue(caller: Caller, notAfter = Number.POSITIVE_INFINITY): Promise<IssuedToken> {
    const now = Math.floor(this.#clock.now() / 1000)
    const end = Math.min(now + this.#lifetime, Math.floor(notAfter / 1000))
    const token = await new SignJWT({ tenant: caller.tenantId, role: caller.role })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(SESSION_ISSUER)
      .setAudience(AUDIENCES[caller.kind])
      .setSubject(caller.subject)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(end)
      .sign(await this.#key)
    return { token, expiresAt: end * 1000 }
  }

  async verify(token: string): Promise<Caller | null> {
    const known = this.#verified.get(token)
    if (known) return known
    if (!isOurs(token)) return null
    try {
      const { caller, expiresAt } = toSession(await this.#check(token))
      this.#verified.add(token, caller, expiresAt)
      return caller
    } catch (error) {
      throw error instanceof errors.JWTExpired ? expired() : refusal(error)
    }
  }

  async verifyForRenewal(token: string): Promise<Session | null> {
    if (!isOurs(token)) return null
    try {
      return toSession(await this.#check(token))
    } catch (error) {
      if (!(error instanceof errors.JWTExpired)) throw refusal(error)
      // Expiry is what jose checks last: signature, issuer, audience and start were found good before it.
      const session = toSession(error.payload)
      if (session.expiresAt + this.#renewalWindow * 1000 <= this.#clock.now()) throw expired()
      return session
    }
  }

  async #check(token: string): Promise<JWTPayload> {
    if (!TOKEN.test(token)) throw invalid()
    const options: JWTVerifyOptions = {
      algorithms: [ALGORITHM],
      issuer: SESSION_ISSUER,
      audience: Object.values(AUDIENCES),
      typ: 'JWT',
      requiredClaims: ['sub', 'exp', 'nbf', 'tenant', 'role'],
      clockTolerance: SKEW,
      currentDate: new Date(this.#clock.now()),
    }
    return (await jwtVerify(token, await this.#key, options)).payload
  }
}

/** Once for all tokens: as bytes it would be imported for each of them. */
const importSecret = (bytes: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', new Uint8Array(bytes), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ])

/** Decides whom a token is for, no more: what makes it good is checked behind it. */
const isOurs = (token: string): boolean => readCompactToken(token)?.payload['iss'] === SESSION_ISSUER

function toSession({ aud, sub, exp = 0, tenant, role }: JWTPayload): Session {
  const known = ROLES.find((one) => one === role)
  const kind = (['visitor', 'user'] as const).find((one) => AUDIENCES[one] === aud)
  if (typeof sub !== 'string' || sub === '' || typeof tenant !== 'string' || tenant === '' || !known || !kind)
    throw invalid()
  return { caller: { tenantId: tenant, subject: sub, kind, role: known }, expiresAt: exp * 1000 }
}

const invalid = (): DomainError =>
  new DomainError('not-authenticated', 'The session token is not valid. Start a new session.')

const expired = (): DomainError =>
  new DomainError('token-expired', 'The session token has expired. Renew the session.')

/** What jose refuses is a bad token; anything else is a fault of ours and stays what it is. */
const refusal = (error: unknown): unknown => (error instanceof errors.JOSEError ? invalid() : error)
