import { ChatError } from '../errors/chat-error.js'
import { errorFromRefusal } from '../errors/from-response.js'
import { parseRetryAfter } from '../retry/parse-retry-after.js'

export type Fetch = typeof globalThis.fetch

export interface HttpRequest {
  readonly url: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal: AbortSignal
}

export interface HttpDeps {
  readonly fetch: Fetch
  readonly now: () => number
  readonly isOnline: () => boolean
}

/**
 * One request, no retries.
 * @returns a response with a status of 2xx, its body unread
 * @throws ChatError `aborted`, `offline`, `upstream` (no answer) or what the refusal says
 */
export async function request(
  deps: HttpDeps,
  { url, method, headers, body, signal }: HttpRequest,
): Promise<Response> {
  let response: Response
  try {
    response = await deps.fetch(url, {
      method,
      signal,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      // No cookie of the host page may reach the proxy, and no cache may answer for it.
      credentials: 'omit',
      cache: 'no-store',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  } catch (cause) {
    throw errorFromFault(cause, signal, deps.isOnline(), true)
  }
  if (response.ok) return response
  throw await refusal(response, deps.now())
}

/** The JSON body of a 2xx answer. @throws ChatError `protocol` when it is something else, e.g. a login page */
export async function readJson<T>(
  response: Response,
  signal: AbortSignal,
  isOnline: () => boolean,
): Promise<T> {
  let text: string
  try {
    text = await response.text()
  } catch (cause) {
    throw errorFromFault(cause, signal, isOnline())
  }
  try {
    // The contract's shape; a server that breaks it is found out where the value is used.
    return JSON.parse(text) as T
  } catch (cause) {
    throw notTheProtocol(response, cause)
  }
}

/**
 * What a rejected `fetch` or a torn body means.
 * @param unanswered not even a status came
 */
export function errorFromFault(
  cause: unknown,
  signal: AbortSignal,
  online: boolean,
  unanswered = false,
): ChatError {
  if (cause instanceof ChatError) return cause
  if (signal.aborted) {
    return signal.reason instanceof ChatError
      ? signal.reason
      : new ChatError('aborted', 'The request was aborted.', { cause })
  }
  return online
    ? new ChatError('upstream', 'The connection to the server failed.', { cause, unanswered })
    : new ChatError('offline', 'There is no network connection.', { cause })
}

export const notTheProtocol = (response: Response, cause?: unknown): ChatError =>
  new ChatError('protocol', 'The server answered with something that is not the chat protocol.', {
    status: response.status,
    cause,
  })

async function refusal(response: Response, now: number): Promise<ChatError> {
  const body = await response
    .json()
    .then((value: unknown) => (typeof value === 'object' && value !== null ? value : {}))
    .catch(() => ({}))
  const field = (name: string): string | undefined => {
    // Narrowed to an object above; whatever stands under the name is checked right here.
    const value = (body as Record<string, unknown>)[name]
    return typeof value === 'string' ? value : undefined
  }
  return errorFromRefusal({
    status: response.status,
    type: field('type'),
    message: field('error'),
    requestId: field('request_id') ?? response.headers.get('x-request-id') ?? undefined,
    retryAfter: parseRetryAfter(response.headers.get('retry-after'), now),
  })
}
