import type { IncomingHttpHeaders } from 'node:http'
import { Agent, buildConnector, errors, type Dispatcher } from 'undici'
import { IncomingBody } from './incoming-body.js'

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

/** The provider answered with another status than 2xx. Its words are left out: they like to quote the key and the conversation. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly headers: IncomingHttpHeaders

  constructor(status: number, headers: IncomingHttpHeaders) {
    super(`The provider answered ${status}.`)
    this.status = status
    this.headers = headers
  }
}

/** An answer with status 2xx. */
export interface ProviderAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Not a stream of node or of the web: see `IncomingBody`. */
  readonly body: IncomingBody
}

export interface ProviderConnectionOptions {
  /** Up to but without `/chat/completions`. */
  readonly baseUrl: string
  /** `null` for a server that asks for none. */
  readonly apiKey: string | null
  /** Milliseconds until TCP and TLS are ready. */
  readonly connectTimeout: number
}

/** Most bytes read of an answer that refuses. */
const LONGEST_REFUSAL = 64 * 1024

/**
 * One endpoint of a provider, over connections that are kept. Tells a failure to connect from all that can happen after the
 * request went out. HTTP/1.1 only: one answer per socket, so that ending the answer closes it. Redirects are not followed:
 * they would carry the conversation to a host that the operator did not name.
 */
export class ProviderConnection {
  readonly #agent: Agent
  readonly #target: Pick<Dispatcher.DispatchOptions, 'origin' | 'path' | 'method' | 'headers'>

  /** @throws Error for a base URL or a key that can never work; the message does not hold the key. */
  constructor({ baseUrl, apiKey, connectTimeout }: ProviderConnectionOptions) {
    if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
      throw new Error('The base URL of the model must be an http or https URL.')
    if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey))
      throw new Error('The key of the model is empty or holds characters that no key has.')
    const { origin, pathname, search } = new URL(`${baseUrl.replace(/\/$/, '')}/chat/completions`)
    this.#agent = openAgent(connectTimeout)
    this.#target = { origin, path: pathname + search, method: 'POST', headers: headersFor(apiKey) }
  }

  /**
   * @param body sent as JSON
   * @param signal ends the call, at any place, with its socket
   * @throws ConnectFailure · Refusal · whatever else the connection died of
   */
  post(body: unknown, signal: AbortSignal): Promise<ProviderAnswer> {
    const options = { ...this.#target, body: JSON.stringify(body) }
    return new Promise((resolve, reject) => {
      this.#agent.dispatch(options, handlerOf(signal, resolve, reject))
    })
  }
}

const headersFor = (apiKey: string | null): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  // What is not compressed needs no unpacking on its way.
  'accept-encoding': 'identity',
  'user-agent': 'colloquy',
  ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
})

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
  signal: AbortSignal,
  resolve: (answer: ProviderAnswer) => void,
  reject: (error: unknown) => void,
): Dispatcher.DispatchHandler {
  let body: IncomingBody | undefined
  let letGo = (): void => {}
  return {
    onRequestStart(controller) {
      const abort = (): void => controller.abort(new Error('The call was ended.'))
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      letGo = () => signal.removeEventListener('abort', abort)
    },
    onResponseStart(controller, status, headers) {
      // Interim answers come before the real one.
      if (status < 200) return
      const encoding = headers['content-encoding'] ?? 'identity'
      if (encoding !== 'identity')
        return controller.abort(new Error(`The answer is packed as ${String(encoding)}.`))
      body = new IncomingBody({ abort: () => controller.abort(new Error('The body was not ended.')) })
      if (status < 300) return resolve({ status, headers, body })
      passBy(body).then(() => reject(new Refusal(status, headers)), reject)
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

/** So that the connection can be used again. */
function passBy(body: IncomingBody): Promise<void> {
  let length = 0
  return body.read((bytes) => (length += bytes.length) < LONGEST_REFUSAL)
}
