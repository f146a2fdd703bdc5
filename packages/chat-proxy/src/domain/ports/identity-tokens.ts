import type { VerifiedIdentity } from '../identity.js'

/** Verifies the tokens that backends of host sites, and identity providers, sign for their users. */
export interface IdentityTokens {
  /**
   * @returns what the token proves, or `null` when no configured issuer is named in it
   * @throws DomainError `not-authenticated`, `token-expired`, or `identity-unavailable` when its keys cannot be had right now
   */
  verify(token: string): Promise<VerifiedIdentity | null>
}
