import type { IncomingHttpHeaders } from 'node:http'
import type { ClientOptions } from 'openai'
import { Agent, buildConnector, errors, type Dispatcher } from 'undici'
import { IncomingBody } from './incoming-body.js'

type Fetch = NonNullable<ClientOptions['fetch']>

/** No connection came about, so the request was never sent: refused, unknown host, bad certificate, or too slow. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure'
  readonly isTimeout: boolean
  /** The system's code, such as `ECONNREFUSED`. */
  readonly code: string

  constructor(cause: Error) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown'
    super(`No connection (${code}).`, { cause })
    this.isTimeout = cause instanceof errors.ConnectTimeoutError || code === 'ETIMEDOUT'
    this.code = code
  }
}

/** An answer with status 2xx: its body is read from `incoming`, not as a web stream. */
export class ProviderResponse extends Response {
  readonly incoming: IncomingBody

  constructor(incoming: IncomingBody, init: ResponseInit) {
    super(null, init)
    this.incoming = incoming
  }
}

/** Most bytes kept of an answer that refuses: nobody reads more of it than its status and headers. */
const LONGEST_REFUSAL = 64 * 1024

/**
 * A `fetch` that tells a failure to connect from all that can happen after the request went out.
 * HTTP/1.1 only: one answer per socket, so that ending the answer closes it. Redirects are not followed: they would
 * carry the conversation to a host that the operator did not name.
 * @param connectTimeout milliseconds until TCP and TLS are ready
 */
export function providerFetch(connectTimeout: number): Fetch {
  const agent = openAgent(connectTimeout)
  return (input, init = {}) => {
    const { origin, pathname, search } = new URL(
      typeof input === 'string' || input instanceof URL ? input : input.url,
    )
    const options: Dispatcher.DispatchOptions = {
      origin,
      path: pathname + search,
      method: 'POST',
      // What is not compressed needs no unpacking on its way.
      headers: { ...Object.fromEntries(new Headers(init.headers)), 'accept-encoding': 'identity' },
      // The client sends JSON text; anything else would be a change of its own that a test must notice.
      body: typeof init.body === 'string' ? init.body : null,
    }
    return new Promise((resolve, reject) => {
      agent.dispatch(options, handlerOf(init.signal ?? null, resolve, reject))
    })
  }
}

function openAgent(connectTimeout: number): Agent {
  const connect = buildConnector({ timeout: connectTimeout, allowH2: false })
  return new Agent({
    allowH2: false,
    // Silence is judged by the clocks of the call, not by those of the transport.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) =>
      connect(options, (error, socket) =>
        error ? callback(new ConnectFailure(error), null) : callback(null, socket),
      ),
  })
}

function handlerOf(
  signal: AbortSignal | null,
  resolve: (response: Response) => void,
  reject: (error: unknown) => void,
): Dispatcher.DispatchHandler {
  let body: IncomingBody | undefined
  let letGo = (): void => {}
  return {
    onRequestStart(controller) {
      const abort = (): void => controller.abort(new Error('The call was ended.'))
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort, { once: true })
      letGo = () => signal?.removeEventListener('abort', abort)
    },
    onResponseStart(controller, status, fields) {
      // Interim answers come before the real one.
      if (status < 200) return
      const headers = headersOf(fields)
      const encoding = headers.get('content-encoding') ?? 'identity'
      if (encoding !== 'identity') return controller.abort(new Error(`The answer is packed as ${encoding}.`))
      body = new IncomingBody({ abort: () => controller.abort(new Error('The body was not ended.')) })
      if (status < 300) return resolve(new ProviderResponse(body, { status, headers }))
      void refusalOf(body).then((text) => resolve(new Response(text, { status, headers })), reject)
    },
    onResponseData: (_controller, chunk) => body?.push(chunk),
    onResponseEnd() {
      letGo()
      body?.end(null)
    },
    onResponseError(_controller, error) {
      letGo()
      if (body) body.end(error)
      else reject(error)
    },
  }
}

function headersOf(fields: IncomingHttpHeaders): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(fields))
    for (const each of [value ?? []].flat()) headers.append(name, each)
  return headers
}

/** A status that has no body, such as 304, gives an empty one. */
async function refusalOf(body: IncomingBody): Promise<string | null> {
  const parts: Uint8Array[] = []
  let length = 0
  await body.read((bytes) => {
    parts.push(bytes)
    length += bytes.length
    return length < LONGEST_REFUSAL
  })
  return parts.length === 0 ? null : Buffer.concat(parts).toString()
}
