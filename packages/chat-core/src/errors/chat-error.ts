/**
 * What can go wrong, as one closed union: `switch (error.code)` covers everything. No decision in this
 * package, and none in an app, needs to read `message`.
 */
export type ChatErrorCode =
  /** There is no network. Sent again by itself when the line is back. */
  | 'offline'
  /** The server did not answer in time. */
  | 'timeout'
  /** The stream stayed silent although the server promises a heartbeat, and could not be resumed. */
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
  retryable?: boolean
  /** Milliseconds until a retry makes sense. */
  retryAfter?: number
  /** HTTP status, where there was one. */
  status?: number
  /** No answer of any kind came: the server cannot be reached, or the browser may not read what it said. */
  unanswered?: boolean
  /** The server's `request_id`, to quote in a report. */
  requestId?: string
  cause?: unknown
}

const RETRYABLE: Record<ChatErrorCode, boolean> = {
  offline: true,
  timeout: true,
  stalled: true,
  rate_limited: true,
  quota: false,
  auth: false,
  policy: false,
  too_long: false,
  upstream: true,
  protocol: false,
  aborted: false,
  stopped: false,
  resync: true,
}

const BRAND = '@colloquy/chat-core:ChatError'

/** The one error class of this package. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ChatErrorCode
  readonly retryable: boolean
  readonly retryAfter: number | undefined
  readonly status: number | undefined
  readonly requestId: string | undefined
  /** No answer of any kind came: the server cannot be reached, or the browser may not read what it said. */
  readonly unanswered: boolean
  /** Lets {@link isChatError} recognise an error of a second copy of this package. */
  readonly brand = BRAND

  constructor(code: ChatErrorCode, message: string, options: ChatErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? RETRYABLE[code]
    this.retryAfter = options.retryAfter
    this.status = options.status
    this.requestId = options.requestId
    this.unanswered = options.unanswered ?? false
  }
}

/** True for a {@link ChatError}, also one made by another loaded copy of this package. */
export const isChatError = (value: unknown): value is ChatError =>
  typeof value === 'object' && value !== null && 'brand' in value && value.brand === BRAND
