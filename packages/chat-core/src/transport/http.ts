import { ChatError, NOT_THE_PROTOCOL } from '../errors/chat-error.js'
import type { Platform } from '../platform/platform.js'
import { readSse, type SseSink } from '../sse/read-sse.js'
import type { Authorized, Method } from './chat-transport.js'
import { errorFromRefusal } from './refusal.js'

export type Fetch = typeof globalThis.fetch

export interface HttpRequest extends Authorized {
  readonly url: string
  readonly method: Method
  /** Sent as JSON. */
  readonly body?: object | undefined
  /** Beside those that every request has. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface HttpDeps {
  /** Default: the page's own, as it is at the time of the call. */
  readonly fetch?: Fetch | undefined
  readonly platform: Pick<Platform, 'now' | 'isOnline'>
}

/**
 * One request for a JSON document, no retries.
 * @returns the document, unchecked; `undefined` for 204
 * @throws ChatError as {@link send}, and `protocol` when the body is something else, e.g. a login page
 */
export const requestJson = <T>(deps: HttpDeps, request: HttpRequest): Promise<T> =>
  send(deps, request, 'application/json', async (response) => {
    const text = await response.text()
    try {
      // The contract's shape; a server that breaks it is found out where the value is used.
      return (response.status === 204 ? undefined : JSON.parse(text)) as T
    } catch (cause) {
      throw notTheProtocol(response, cause)
    }
  })

/**
 * One request for an event stream, read until it ends, no retries.
 * @throws ChatError as {@link send}, and `protocol` when the body is something else
 */
export const requestEvents = (deps: HttpDeps, request: HttpRequest, sink: SseSink): Promise<void> =>
  send(deps, request, 'text/event-stream', async (response) => {
    // By its essence, as WHATWG says: parameters do not matter, but `text/event-stream-x` is something else.
    const isEventStream = /^text\/event-stream\s*(;|$)/i.test(response.headers.get('content-type') ?? '')
    if (!response.body || !isEventStream) throw notTheProtocol(response)
    await readSse(response.body, sink)
  })

/**
 * @param read takes the body of an answer with a status of 2xx
 * @throws ChatError `aborted`, `offline`, `upstream` (no answer, or a torn one), what the refusal says, or what `read` throws
 */
async function send<T>(
  { fetch = globalThis.fetch, platform }: HttpDeps,
  { url, method, token, body, headers, signal }: HttpRequest,
  accept: string,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  let response: Response | undefined
  try {
    response = await fetch(url, {
      method,
      signal,
      headers: {
        accept,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      // Cookies go to the page's own origin alone, where a proxy within the site's application knows the site's users by them.
      // No cache may answer for the proxy. None answers what has a body, and saying so there would go past the browser's memory of what
      // other origins may be asked, too: one more round trip for each question.
      ...(body ? { body: JSON.stringify(body) } : { cache: 'no-store' }),
    })
    if (response.ok) return await read(response)
  } catch (cause) {
    if (cause instanceof ChatError) throw cause
    signal.throwIfAborted()
    const code = platform.isOnline() ? 'upstream' : 'offline'
    throw new ChatError(code, 'The connection failed.', { cause, unanswered: !response })
  }
  throw await errorFromRefusal(response, platform.now())
}

const notTheProtocol = ({ status }: Response, cause?: unknown): ChatError =>
  new ChatError('protocol', NOT_THE_PROTOCOL, { status, cause })
