import { ChatError, type ChatErrorCode } from './chat-error.js'

/** What of a refused response decides about the error. */
export interface Refusal {
  readonly status: number
  /** `type` of the body, when the body is of the contract's shape. */
  readonly type?: string | undefined
  /** A sentence of the server for a person. */
  readonly message?: string | undefined
  readonly requestId?: string | undefined
  /** Milliseconds. */
  readonly retryAfter?: number | undefined
}

const BY_TYPE: Readonly<Record<string, ChatErrorCode>> = {
  AuthenticationError: 'auth',
  PermissionError: 'auth',
  PayloadTooLargeError: 'too_long',
  PolicyViolationError: 'policy',
  RateLimitError: 'rate_limited',
  QuotaExceededError: 'quota',
  UpstreamTimeoutError: 'timeout',
}

const BY_STATUS: Readonly<Record<number, ChatErrorCode>> = {
  401: 'auth',
  403: 'auth',
  408: 'timeout',
  413: 'too_long',
  422: 'policy',
  429: 'rate_limited',
  504: 'timeout',
}

/** Statuses after which the same request may succeed. */
const RETRYABLE_STATUS = new Set([408, 425, 429, 500, 502, 503, 504])

/** The error for a response that is not a success. Looks at status and type only, never at text. */
export function errorFromRefusal(refusal: Refusal): ChatError {
  const { status, type, message, requestId, retryAfter } = refusal
  const code =
    (type && BY_TYPE[type]) ||
    BY_STATUS[status] ||
    (status >= 500 || status === 425 ? 'upstream' : 'protocol')
  return new ChatError(code, message ?? `The server answered with status ${status}.`, {
    retryable: RETRYABLE_STATUS.has(status) && code !== 'quota',
    status,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(requestId !== undefined && { requestId }),
  })
}
