import type { Caller } from '../caller.js'

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: number
}

export interface Session {
  readonly caller: Caller
  /** Milliseconds since 1970; in the past for one that can only be renewed. */
  readonly expiresAt: number
}

/** Signs and verifies the session tokens of this installation: a visitor's, and those of users who proved who they are. */
export interface SessionTokens {
  /** @param notAfter when what the caller proved ends, in milliseconds since 1970; default: never */
  issue(caller: Caller, notAfter?: number): Promise<IssuedToken>
  /**
   * @returns null for what does not even claim to be a token of this installation
   * @throws DomainError `not-authenticated` or `token-expired`
   */
  verify(token: string): Promise<Caller | null>
  /** Like `verify`, but takes a token that expired within the renewal time, so that a returning visitor stays the same. */
  verifyForRenewal(token: string): Promise<Session | null>
}
