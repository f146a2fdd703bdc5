import { errors, jwtVerify, SignJWT, type JWTPayload, type JWTVerifyOptions } from 'jose'
import type { Caller, Role } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import type { Clock } from '../../domain/ports/clock.js'
import type { IssuedToken, SessionTokens } from '../../domain/ports/session-tokens.js'
import { VerifiedTokens } from './verified-tokens.js'

export interface VisitorTokensOptions {
  /** At least 32 bytes of randomness, the same on every instance and after every start. */
  readonly key: Uint8Array
  readonly clock: Clock
  /** Seconds a token is valid. Default 1 hour. */
  readonly lifetime?: number
  /** Seconds after its expiry in which a token can still be renewed. Default 90 days. */
  readonly renewalWindow?: number
}

const ISSUER = 'colloquy'
const AUDIENCE = 'colloquy:visitor'
const ALGORITHM = 'HS256'
const HOUR = 3600
const DAY = 24 * HOUR
/** Seconds by which the clocks of two instances may differ. */
const SKEW = 30
const SHORTEST_KEY = 32
const ROLES: readonly Role[] = ['admin', 'agent', 'user', 'visitor']

/**
 * Three base64url parts, the last of exactly 32 bytes in its one canonical spelling: decoders ignore the two spare bits
 * of its last letter, so that without this a changed token would be as good as the signed one.
 */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/

/** Visitor tokens as JWTs signed with one secret of this installation. */
export class VisitorTokens implements SessionTokens {
  readonly #key: Uint8Array
  readonly #clock: Clock
  readonly #lifetime: number
  readonly #renewalWindow: number
  readonly #verified: VerifiedTokens

  /** @throws Error when the key is too short to be safe. */
  constructor(options: VisitorTokensOptions) {
    if (options.key.byteLength < SHORTEST_KEY)
      throw new Error(`The key for visitor tokens needs at least ${SHORTEST_KEY} bytes.`)
    this.#key = options.key
    this.#clock = options.clock
    this.#lifetime = options.lifetime ?? HOUR
    this.#renewalWindow = options.renewalWindow ?? 90 * DAY
    this.#verified = new VerifiedTokens(options.clock)
  }

  async issue(caller: Caller): Promise<IssuedToken> {
    if (caller.kind !== 'visitor') throw new Error('Only visitors get visitor tokens.')
    const now = Math.floor(this.#clock.now() / 1000)
    const token = await new SignJWT({ tenant: caller.tenantId, role: caller.role })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(caller.subject)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + this.#lifetime)
      .sign(this.#key)
    return { token, expiresAt: (now + this.#lifetime) * 1000 }
  }

  async verify(token: string): Promise<Caller> {
    const known = this.#verified.get(token)
    if (known) return known
    try {
      const payload = await this.#check(token)
      const caller = toCaller(payload)
      this.#verified.add(token, caller, expiryOf(payload))
      return caller
    } catch (error) {
      throw error instanceof errors.JWTExpired ? expired() : refusal(error)
    }
  }

  async verifyForRenewal(token: string): Promise<Caller> {
    try {
      return toCaller(await this.#check(token))
    } catch (error) {
      if (!(error instanceof errors.JWTExpired)) throw refusal(error)
      // Expiry is what jose checks last: signature, issuer, audience and start were found good before it.
      if (expiryOf(error.payload) + this.#renewalWindow * 1000 <= this.#clock.now()) throw expired()
      return toCaller(error.payload)
    }
  }

  async #check(token: string): Promise<JWTPayload> {
    if (!TOKEN.test(token)) throw invalid()
    const options: JWTVerifyOptions = {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'JWT',
      requiredClaims: ['sub', 'exp', 'nbf', 'tenant', 'role'],
      clockTolerance: SKEW,
      currentDate: new Date(this.#clock.now()),
    }
    return (await jwtVerify(token, this.#key, options)).payload
  }
}

const expiryOf = (payload: JWTPayload): number => (payload.exp ?? 0) * 1000

function toCaller({ sub, tenant, role }: JWTPayload): Caller {
  const known = ROLES.find((one) => one === role)
  if (typeof sub !== 'string' || sub === '' || typeof tenant !== 'string' || tenant === '' || !known)
    throw invalid()
  return { tenantId: tenant, subject: sub, kind: 'visitor', role: known }
}

const invalid = (): DomainError =>
  new DomainError('not-authenticated', 'The visitor token is not valid. Start a new session.')

const expired = (): DomainError =>
  new DomainError('token-expired', 'The visitor token has expired. Renew the session.')

/** What jose refuses is a bad token; anything else is a fault of ours and stays what it is. */
const refusal = (error: unknown): unknown => (error instanceof errors.JOSEError ? invalid() : error)
