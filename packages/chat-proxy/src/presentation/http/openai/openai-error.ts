import { DomainError, type DomainErrorCode } from '../../../domain/errors.js'
import type { Failure } from '../failure.js'
import { limitToWire } from '../wire/limit-to-wire.js'
import { limitWords } from './limit-headers.js'

interface OpenAiRow {
  readonly status: number
  readonly type: string
  readonly code: string | null
}

const refused = (status: number, code: string | null = null): OpenAiRow => ({
  status,
  type: 'invalid_request_error',
  code,
})

const failed = (status: number, code: string): OpenAiRow => ({ status, type: 'server_error', code })

/** How each expected failure looks to an OpenAI client, which tells them apart by status. Total: a new code needs a row. */
const OPENAI_ERRORS: Record<DomainErrorCode, OpenAiRow> = {
  'invalid-input': refused(400),
  'message-too-long': refused(400, 'context_length_exceeded'),
  'not-authenticated': refused(401, 'invalid_api_key'),
  'token-expired': refused(401, 'token_expired'),
  'identity-unavailable': failed(503, 'service_unavailable'),
  'not-allowed': { status: 403, type: 'permission_error', code: 'not_allowed' },
  'conversation-not-found': refused(404, 'not_found'),
  'message-not-found': refused(404, 'not_found'),
  'run-not-found': refused(404, 'not_found'),
  'route-not-found': refused(404, 'unknown_url'),
  'model-not-found': refused(404, 'model_not_found'),
  'tenant-not-found': refused(404, 'not_found'),
  'tenants-in-file': refused(409, 'conflict'),
  'id-already-used': refused(409, 'conflict'),
  'body-too-large': refused(413, 'request_too_large'),
  'against-policy': refused(422, 'policy_violation'),
  'rate-limited': { status: 429, type: 'requests', code: 'rate_limit_exceeded' },
  'quota-exceeded': { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
  overloaded: failed(503, 'overloaded'),
  'chat-disabled': failed(503, 'service_unavailable'),
  'store-unavailable': failed(503, 'service_unavailable'),
  'shutting-down': failed(503, 'service_unavailable'),
  'model-unavailable': failed(503, 'model_unavailable'),
  'model-timeout': failed(504, 'model_timeout'),
  'model-refused': refused(400, 'model_refused'),
  'model-broken': failed(502, 'model_broken'),
}

/** The model may have run, so a client that asks again by itself could pay twice. */
const MAY_HAVE_RUN: ReadonlySet<DomainErrorCode> = new Set(['model-timeout', 'model-broken'])

/** In seconds, for clients that were not told when to come back. */
const DEFAULT_RETRY_AFTER = 5

/** What a caller under `/v1` is told. The request's id stands in its header, where these clients look for it. */
export function openAiFailureOf(error: unknown): Failure {
  if (!(error instanceof DomainError)) {
    const message = 'Something went wrong on the server. It has been logged; try again.'
    return { status: 500, headers: {}, body: bodyOf({ message, type: 'server_error', code: null }) }
  }
  const { status, type, code } = OPENAI_ERRORS[error.code]
  const retryAfter = error.retryAfter ?? (status === 503 || status === 429 ? DEFAULT_RETRY_AFTER : undefined)
  return {
    status,
    headers: {
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...(MAY_HAVE_RUN.has(error.code) && { 'x-should-retry': 'false' }),
    },
    body: bodyOf({
      message: error.detail + (error.limit ? limitWords(limitToWire(error.limit)) : ''),
      type,
      code,
      param: error.field ?? null,
    }),
  }
}

const bodyOf = (error: { message: string; type: string; code: string | null; param?: string | null }) => ({
  error: { param: null, ...error },
})
