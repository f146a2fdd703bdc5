import type { LimitState } from './limits.js'

/**
 * Expected failures, as one closed union known to the whole proxy. HTTP status and wire type are given in
 * presentation, in a table that does not compile when a code is missing.
 */
export type DomainErrorCode =
  | 'invalid-input'
  | 'message-too-long'
  | 'not-authenticated'
  | 'token-expired'
  | 'identity-unavailable'
  | 'not-allowed'
  | 'conversation-not-found'
  | 'message-not-found'
  | 'run-not-found'
  | 'route-not-found'
  | 'model-not-found'
  | 'tenant-not-found'
  | 'tenants-in-file'
  | 'id-already-used'
  | 'body-too-large'
  | 'against-policy'
  | 'rate-limited'
  | 'quota-exceeded'
  | 'overloaded'
  | 'chat-disabled'
  | 'store-unavailable'
  | 'shutting-down'
  | 'model-unavailable'
  | 'model-timeout'
  | 'model-refused'
  | 'model-broken'

export interface DomainErrorOptions {
  /** Seconds until a retry may succeed. */
  readonly retryAfter?: number
  /** The field of the request that is wrong, such as `messages.0.content`. */
  readonly field?: string
  /** The limit that was reached. */
  readonly limit?: LimitState
  readonly cause?: unknown
}

export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: DomainErrorCode
  /** What exactly was wrong and what to do next; shown to the caller. */
  readonly detail: string
  /** Seconds until a retry may succeed. */
  readonly retryAfter: number | undefined
  readonly field: string | undefined
  readonly limit: LimitState | undefined

  constructor(code: DomainErrorCode, detail: string, options: DomainErrorOptions = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.detail = detail
    this.retryAfter = options.retryAfter
    this.field = options.field
    this.limit = options.limit
  }
}

/** Whether the store could not be used, rather than that something is wrong with what it was asked. */
export const isStoreAway = (error: unknown): error is DomainError =>
  error instanceof DomainError && error.code === 'store-unavailable'

/** The same words for somebody else's conversation and for a deleted one, so that ids cannot be probed. */
export const conversationIdTaken = (): DomainError =>
  new DomainError('id-already-used', 'This conversation id is taken. Choose a new one.')

/** For a visitor whose data was erased on their own wish: the same words everywhere. */
export const forgottenVisitor = (): DomainError =>
  new DomainError('not-authenticated', 'This visitor was forgotten as they wished. Start a new session.')
