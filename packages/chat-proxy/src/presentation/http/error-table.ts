import { ERROR_STATUS, type ErrorBody, type ErrorType } from '@colloquy/chat-core/protocol'
import { DomainError, type DomainErrorCode } from '../../domain/errors.js'

interface ErrorRow {
  readonly type: ErrorType
  /** One sentence for a person. */
  readonly error: string
}

/** How each expected failure looks on the wire. Total: a new code without a row does not compile. */
const ERRORS: Record<DomainErrorCode, ErrorRow> = {
  'invalid-input': { type: 'BadRequestError', error: 'The request is not valid' },
  'message-too-long': { type: 'BadRequestError', error: 'The message is too long' },
  'not-authenticated': { type: 'AuthenticationError', error: 'Authentication is required' },
  'token-expired': { type: 'AuthenticationError', error: 'The session has expired' },
  'not-allowed': { type: 'PermissionError', error: 'This is not allowed' },
  'conversation-not-found': { type: 'NotFoundError', error: 'Conversation not found' },
  'message-not-found': { type: 'NotFoundError', error: 'Message not found' },
  'run-not-found': { type: 'NotFoundError', error: 'Run not found' },
  'route-not-found': { type: 'NotFoundError', error: 'Nothing is here' },
  'id-already-used': { type: 'ConflictError', error: 'The ID is already used' },
  'body-too-large': { type: 'PayloadTooLargeError', error: 'The request is too large' },
  'store-unavailable': { type: 'ServiceUnavailableError', error: 'The service is not available right now' },
  'shutting-down': { type: 'ServiceUnavailableError', error: 'The service is restarting' },
}

/** For clients that were not told when to come back, in seconds. Every 429 and 503 says so. */
const DEFAULT_RETRY_AFTER = 5

export interface Failure {
  readonly status: number
  readonly body: ErrorBody
}

/** What the caller is told. Anything that is not a `DomainError` is a fault of ours, and tells nothing but its request id. */
export function failureOf(error: unknown, requestId: string): Failure {
  if (!(error instanceof DomainError)) {
    return {
      status: ERROR_STATUS.InternalError,
      body: {
        error: 'Something went wrong on the server',
        detail:
          'The fault is on our side and has been logged. Try again, and quote the request_id if it stays.',
        type: 'InternalError',
        request_id: requestId,
      },
    }
  }
  const { type, error: sentence } = ERRORS[error.code]
  const status = ERROR_STATUS[type]
  const retryAfter = error.retryAfter ?? (status === 503 || status === 429 ? DEFAULT_RETRY_AFTER : undefined)
  const body = { error: sentence, detail: error.detail, type, request_id: requestId }
  return { status, body: retryAfter === undefined ? body : { ...body, retry_after: retryAfter } }
}
