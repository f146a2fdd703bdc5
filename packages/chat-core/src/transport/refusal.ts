import type { ErrorBody } from '../protocol/index.js'
import { ChatError, type ChatErrorCode } from '../errors/chat-error.js'
import { parseRetryAfter } from '../retry/parse-retry-after.js'

const BY_STATUS: Readonly<Record<number, ChatErrorCode>> = {
  401: 'auth',
  403: 'auth',
  408: 'timeout',
  413: 'too_long',
  422: 'policy',
  425: 'upstream',
  429: 'rate_limited',
  504: 'timeout',
}

/** The error for a response that is not a success. Decides by status and `type` only, never by text. */
export async function errorFromRefusal(response: Response, now: number): Promise<ChatError> {
  const { status, headers } = response
  // Words and numbers for people, and one name that is compared; nothing else decides by them.
  const body = (await response.json().catch(() => null)) as Partial<ErrorBody> | null
  // Both kinds of 429 differ in what helps: waiting a moment, or a new day.
  const isQuota = body?.type === 'QuotaExceededError'
  const code = isQuota ? 'quota' : (BY_STATUS[status] ?? (status >= 500 ? 'upstream' : 'protocol'))
  return new ChatError(code, body?.error ?? `The server answered ${status}.`, {
    status,
    // What a server or a proxy cannot do at all it will not do the next time either; else the code decides.
    retryable: status === 501 || status > 504 ? false : undefined,
    requestId: body?.request_id,
    limit: body?.limit,
    retryAfter: parseRetryAfter(headers.get('retry-after'), now),
  })
}
