import type { LimitState } from '../protocol/index.js'

/**
 * What can go wrong, as one closed union: `switch (error.code)` covers everything. No decision in this
 * package, and none in an app, needs to read `message`.
 */
export type ChatErrorCode =
  /** There is no network. Sent again by itself when the line is back. */
  | 'offline'
  /** The server, or the model behind it, did not begin to answer in time. */
  | 'timeout'
  /** The stream stayed silent although the server promises a heartbeat, and could not be resumed; or the model fell silent in mid-answer. */
  | 'stalled'
  /** Too many requests; `retryAfter` says when to come back. */
  | 'rate_limited'
  /** A quota or budget is used up; `retryAfter` says when it resets, where known. */
  | 'quota'
  /** Not signed in, signed in as somebody else, or not allowed. */
  | 'auth'
  /** A policy of the operator refused the question or the answer. */
  | 'policy'
  /** The message is longer than the server takes. */
  | 'too_long'
  /** The model or the way to it failed; the partial answer, if any, is kept. */
  | 'upstream'
  /** The other side does not speak the protocol: wrong address, a captive portal, a broken proxy. */
  | 'protocol'
  /** The caller aborted, for example by `destroy()`. */
  | 'aborted'
  /** The answer was stopped by a person, here or elsewhere. */
  | 'stopped'
  /** The place in the stream is gone and the server could not give a snapshot. */
  | 'resync'

export interface ChatErrorOptions {
  /** True when the same thing may be tried again with hope. */
  retryable?: boolean | undefined
  /** Milliseconds until a retry makes sense. */
  retryAfter?: number | undefined
  /** The limit that was reached. */
  limit?: LimitState | undefined
  /** HTTP status, where there was one. */
  status?: number | undefined
  /** No answer of any kind came: the server cannot be reached, or the browser may not read what it said. */
  unanswered?: boolean
  /** The server's `request_id`, to quote in a report. */
  requestId?: string | undefined
  cause?: unknown
}

const RETRYABLE: ReadonlySet<ChatErrorCode> = new Set([
  'offline',
  'timeout',
  'stalled',
  'rate_limited',
  'upstream',
  'resync',
])

/** The one error class of this package. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  // Declared only: the constructor takes them over from its options.
  declare readonly code: ChatErrorCode
  declare readonly retryable: boolean
  /** Milliseconds until a retry makes sense, where known. */
  declare readonly retryAfter: number | undefined
  /** The limit that was reached, where the server says which. */
  declare readonly limit: LimitState | undefined
  /** HTTP status, where there was one. */
  declare readonly status: number | undefined
  /** The server's `request_id`, to quote in a report. */
  declare readonly requestId: string | undefined
  /** No answer of any kind came: the server cannot be reached, or the browser may not read what it said. */
  declare readonly unanswered: boolean

  constructor(code: ChatErrorCode, message: string, options: ChatErrorOptions = {}) {
    super(message, options)
    const { retryable = RETRYABLE.has(code), unanswered = false } = options
    Object.assign(this, options, { code, retryable, unanswered })
  }
}

/** Says of any answer, event or run that it is none of the contract. */
export const NOT_THE_PROTOCOL = 'No chat protocol.'

/** True for a {@link ChatError}, also one made by another loaded copy of this package. */
export const isChatError = (value: unknown): value is ChatError =>
  value instanceof Error && value.name === 'ChatError' && 'unanswered' in value

/** What was thrown, as an error of this package; what is none of ours is a fault of the program or of the other side. */
export const asChatError = (thrown: unknown): ChatError =>
  thrown instanceof ChatError ? thrown : new ChatError('protocol', 'It failed.', { cause: thrown })
