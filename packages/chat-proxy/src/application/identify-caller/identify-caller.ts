import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import type { SessionTokens } from '../../domain/ports/index.js'

export interface IdentifyCallerInput {
  /** What stands behind `Bearer` in `Authorization`. */
  readonly token: string | null
  /** `X-Tenant-ID`: may only name the tenant that the token already belongs to. */
  readonly tenantId: string | null
}

/** Who is calling, from the verified token alone. */
export class IdentifyCaller {
  readonly #tokens: SessionTokens

  constructor(deps: { readonly tokens: SessionTokens }) {
    this.#tokens = deps.tokens
  }

  /** @throws DomainError `not-authenticated`, `token-expired`, or `not-allowed` when another tenant is asked for */
  async execute({ token, tenantId }: IdentifyCallerInput): Promise<Caller> {
    if (token === null) {
      throw new DomainError(
        'not-authenticated',
        'Send the token of POST /api/v1/chat/start as "Authorization: Bearer <token>".',
      )
    }
    const caller = await this.#tokens.verify(token)
    if (tenantId !== null && tenantId !== caller.tenantId) {
      throw new DomainError('not-allowed', 'The token does not belong to the tenant that X-Tenant-ID names.')
    }
    return caller
  }
}
