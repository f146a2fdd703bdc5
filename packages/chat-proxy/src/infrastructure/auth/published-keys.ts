import { errors, jwtVerify, type LocalJWKSet } from 'jose'
import { DomainError } from '../../domain/errors.js'
import type { Clock, Logger } from '../../domain/ports/index.js'
import type { OutboundDoor } from '../outbound/outbound-door.js'
import type { OutboundRequest } from '../outbound/outbound-request.js'
import { OutboundError } from '../outbound/outbound-error.js'
import { parseKeySet } from './key-set.js'
import type { CheckOptions, TokenKeys, VerifiedClaims } from './token-keys.js'

const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ')

const MINUTE = 60_000
/** How long a set is used without asking again. */
const FRESH_MS = 10 * MINUTE
/** How long it is used while the issuer cannot be reached. */
const USABLE_MS = 24 * 60 * MINUTE
/** Between two fetches, whatever tokens come in. */
const PAUSE_MS = 30_000
const TIMEOUT_MS = 5_000
const LARGEST_SET = 256 * 1024

export interface PublishedKeysDeps {
  readonly door: Pick<OutboundDoor, 'get'>
  readonly clock: Clock
  readonly logger: Logger
}

interface Fetched {
  readonly set: LocalJWKSet
  readonly text: string
  readonly version: number
  readonly at: number
}

/** Keys that an issuer publishes as a JWKS: fetched when they are needed, one fetch at a time, and remembered. */
export class PublishedKeys implements TokenKeys {
  readonly #deps: PublishedKeysDeps
  readonly #request: Pick<OutboundRequest, 'url' | 'reach'>
  #fetched: Fetched | null = null
  #triedAt = Number.NEGATIVE_INFINITY
  #hasFailed = false
  #trying: Promise<void> | null = null

  constructor(request: Pick<OutboundRequest, 'url' | 'reach'>, deps: PublishedKeysDeps) {
    this.#request = request
    this.#deps = deps
  }

  /** A set that ran out counts as changed. Asks for a newer one in the background when it is time. */
  version(): number {
    if (!this.#isYoungerThan(FRESH_MS)) void this.#try()
    return this.#fetched && this.#isYoungerThan(USABLE_MS) ? this.#fetched.version : -1
  }

  async verify(token: string, options: CheckOptions): Promise<VerifiedClaims> {
    const fetched = await this.#usable()
    try {
      return await this.#verifyWith(fetched, token, options)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      // The issuer may have changed its keys since.
      await this.#try()
      const newer = await this.#usable()
      if (newer.version === fetched.version) throw error
      return this.#verifyWith(newer, token, options)
    }
  }

  async #verifyWith(
    { set, version }: Fetched,
    token: string,
    options: CheckOptions,
  ): Promise<VerifiedClaims> {
    try {
      const { payload } = await jwtVerify(token, set, { ...options, algorithms: ALGORITHMS })
      return { claims: payload, version }
    } catch (error) {
      if (error instanceof errors.JOSEError) throw error
      // A key that cannot even be imported: the issuer's fault, and no reason to answer that the fault is ours.
      this.#deps.logger.warn('a published key cannot be used', { error })
      throw new errors.JWKSInvalid()
    }
  }

  async #usable(): Promise<Fetched> {
    if (!this.#isYoungerThan(FRESH_MS)) {
      const trying = this.#try()
      // While an issuer is away nobody waits for it who can be helped with what it said last.
      if (!this.#hasFailed || !this.#isYoungerThan(USABLE_MS)) await trying
    }
    if (this.#fetched && this.#isYoungerThan(USABLE_MS)) return this.#fetched
    throw new DomainError(
      'identity-unavailable',
      'The keys of the identity provider cannot be fetched right now. Try again.',
      { retryAfter: PAUSE_MS / 1000 },
    )
  }

  #isYoungerThan(ms: number): boolean {
    return this.#fetched !== null && this.#deps.clock.now() - this.#fetched.at < ms
  }

  /** One fetch, shared by all who want one now; none while the last one is less than 30 s ago. */
  #try(): Promise<void> {
    if (this.#trying) return this.#trying
    const now = this.#deps.clock.now()
    if (now - this.#triedAt < PAUSE_MS) return Promise.resolve()
    this.#triedAt = now
    this.#trying = this.#fetch().finally(() => {
      this.#trying = null
    })
    return this.#trying
  }

  async #fetch(): Promise<void> {
    const { door, clock, logger } = this.#deps
    try {
      const { status, body } = await door.get({
        ...this.#request,
        timeoutMs: TIMEOUT_MS,
        maxBytes: LARGEST_SET,
      })
      if (status !== 200) throw new Error(`The issuer answered ${status}.`)
      this.#take(body.toString('utf8'), clock.now())
      this.#hasFailed = false
    } catch (error) {
      this.#hasFailed = true
      const code = error instanceof OutboundError ? error.code : 'no-key-set'
      logger.warn('the keys of an identity provider could not be fetched', { code, error })
    }
  }

  #take(text: string, at: number): void {
    const last = this.#fetched
    this.#fetched =
      last?.text === text
        ? { ...last, at }
        : { set: parseKeySet(text), text, at, version: (last?.version ?? 0) + 1 }
  }
}
