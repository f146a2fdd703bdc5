import type { Caller } from '../caller.js'

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: number
}

/** Signs and verifies the visitor tokens of this installation. */
export interface SessionTokens {
  issue(caller: Caller): Promise<IssuedToken>
  /** @throws DomainError `not-authenticated` or `token-expired`. */
  verify(token: string): Promise<Caller>
  /** Like `verify`, but takes a token that expired within the renewal time, so that a returning visitor stays the same. */
  verifyForRenewal(token: string): Promise<Caller>
}
