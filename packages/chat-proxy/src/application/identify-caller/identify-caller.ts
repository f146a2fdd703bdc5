import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import type { IdentityTokens, SessionTokens, TenantDirectory } from '../../domain/ports/index.js'
import { callerIn, notThatTenant, userOfHost, userOfIdentity, type AskHost } from '../shared/proven-user.js'

export interface IdentifyCallerInput {
  /** What stands behind `Bearer` in `Authorization`. */
  readonly token: string | null
  /** `X-Tenant-ID`: selects among the tenants that the proof allows, and can do no more. */
  readonly tenantId: string | null
  /** Asked when the token is none of ours; left out where there is no host application. */
  readonly askHost?: AskHost
}

export interface IdentifyCallerDeps {
  readonly tokens: SessionTokens
  readonly identities: IdentityTokens
  readonly tenants: TenantDirectory
}

/** Who is calling: by the session token, else the identity token, else the host application. */
export class IdentifyCaller {
  readonly #deps: IdentifyCallerDeps

  constructor(deps: IdentifyCallerDeps) {
    this.#deps = deps
  }

  /**
   * @throws DomainError `not-authenticated`, `token-expired`, `identity-unavailable`, or `not-allowed` when another tenant is
   * asked for
   */
  async execute(input: IdentifyCallerInput): Promise<Caller> {
    const caller = (await this.#bySession(input)) ?? (await this.#byIdentity(input))
    if (!caller) {
      throw new DomainError(
        'not-authenticated',
        'Send the token of POST /api/v1/chat/start as "Authorization: Bearer <token>".',
      )
    }
    if ((await this.#deps.tenants.find(caller.tenantId)) === null)
      throw new DomainError('not-authenticated', 'The tenant of this token does not exist any more.')
    return caller
  }

  async #bySession({ token, tenantId, askHost }: IdentifyCallerInput): Promise<Caller | null> {
    const caller = token === null ? null : await this.#deps.tokens.verify(token)
    // Who has signed in on the site since is no visitor any more; a new session joins what they were.
    if (caller?.kind === 'visitor' && (await askHost?.()))
      throw new DomainError('token-expired', 'You are signed in on the site now. Start the chat again.')
    if (caller && tenantId !== null && tenantId !== caller.tenantId) throw notThatTenant()
    return caller
  }

  async #byIdentity({ token, tenantId, askHost }: IdentifyCallerInput): Promise<Caller | null> {
    const identity = token === null ? null : await this.#deps.identities.verify(token)
    if (identity) return callerIn(userOfIdentity(identity), tenantId)
    const known = (await askHost?.()) ?? null
    return known && callerIn(userOfHost(known), tenantId)
  }
}
