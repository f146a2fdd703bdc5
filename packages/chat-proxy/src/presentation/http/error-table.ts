import { ERROR_STATUS, type ErrorBody, type ErrorType } from '@colloquy/chat-core/protocol'
import { DomainError, type DomainErrorCode } from '../../domain/errors.js'
import type { Failure } from './failure.js'
import { limitToWire } from './wire/limit-to-wire.js'

interface ErrorRow {
  readonly type: ErrorType
  /** One sentence for a person. */
  readonly error: string
}

/** How each expected failure looks on the wire. Total: a new code without a row does not compile. */
const ERRORS: Record<DomainErrorCode, ErrorRow> = {
  'invalid-input': { type: 'BadRequestError', error: 'The request is not valid' },
  'message-too-long': { type: 'PayloadTooLargeError', error: 'The message is too long' },
  'not-authenticated': { type: 'AuthenticationError', error: 'Authentication is required' },
  'token-expired': { type: 'AuthenticationError', error: 'The session has expired' },
  'identity-unavailable': {
    type: 'ServiceUnavailableError',
    error: 'Who is calling cannot be checked right now',
  },
  'not-allowed': { type: 'PermissionError', error: 'This is not allowed' },
  'conversation-not-found': { type: 'NotFoundError', error: 'Conversation not found' },
  'message-not-found': { type: 'NotFoundError', error: 'Message not found' },
  'run-not-found': { type: 'NotFoundError', error: 'Run not found' },
  'route-not-found': { type: 'NotFoundError', error: 'Nothing is here' },
  'model-not-found': { type: 'NotFoundError', error: 'Model not found' },
  'tenant-not-found': { type: 'NotFoundError', error: 'Tenant not found' },
  'tenants-in-file': { type: 'ConflictError', error: 'The tenants are not kept here' },
  'id-already-used': { type: 'ConflictError', error: 'The ID is already used' },
  'body-too-large': { type: 'PayloadTooLargeError', error: 'The request is too large' },
  'against-policy': { type: 'PolicyViolationError', error: 'A rule of this site forbids it' },
  'rate-limited': { type: 'RateLimitError', error: 'Too many requests in a short time' },
  'quota-exceeded': { type: 'QuotaExceededError', error: 'The limit is used up' },
  overloaded: { type: 'ServiceUnavailableError', error: 'Too many answers are being made right now' },
  'chat-disabled': { type: 'ServiceUnavailableError', error: 'The chat is switched off' },
  'store-unavailable': { type: 'ServiceUnavailableError', error: 'The service is not available right now' },
  'shutting-down': { type: 'ServiceUnavailableError', error: 'The service is restarting' },
  'model-unavailable': { type: 'ServiceUnavailableError', error: 'The model cannot be reached' },
  'model-timeout': { type: 'UpstreamTimeoutError', error: 'The model took too long to answer' },
  'model-refused': { type: 'BadRequestError', error: 'The model refused the request' },
  'model-broken': { type: 'ServiceUnavailableError', error: 'The answer broke off' },
}

/** For clients that were not told when to come back, in seconds. Every 429 and 503 says so. */
const DEFAULT_RETRY_AFTER = 5

/** What the caller is told. Anything that is not a `DomainError` is a fault of ours, and tells nothing but its request id. */
export function failureOf(error: unknown, requestId: string): Failure {
  if (!(error instanceof DomainError)) return internalFailure(requestId)
  const { type, error: sentence } = ERRORS[error.code]
  const status = ERROR_STATUS[type]
  const limit = error.limit && { limit: limitToWire(error.limit) }
  const body: ErrorBody = { error: sentence, detail: error.detail, type, request_id: requestId, ...limit }
  const retryAfter = error.retryAfter ?? (status === 503 || status === 429 ? DEFAULT_RETRY_AFTER : undefined)
  if (retryAfter === undefined) return { status, headers: {}, body }
  return {
    status,
    headers: { 'retry-after': String(retryAfter) },
    body: { ...body, retry_after: retryAfter } satisfies ErrorBody,
  }
}

function internalFailure(requestId: string): Failure {
  const body: ErrorBody = {
    error: 'Something went wrong on the server',
    detail: 'The fault is on our side and has been logged. Try again, and quote the request_id if it stays.',
    type: 'InternalError',
    request_id: requestId,
  }
  return { status: ERROR_STATUS.InternalError, headers: {}, body }
}
