import type { ClientOptions } from 'openai'
import { Agent, buildConnector, errors, fetch } from 'undici'

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

/**
 * A `fetch` that tells a failure to connect from all that can happen after the request went out.
 * HTTP/1.1 only: one answer per socket, so that ending the answer closes it. Redirects are not followed: they would
 * carry the conversation to a host that the operator did not name.
 * @param connectTimeout milliseconds until TCP and TLS are ready
 */
export function providerFetch(connectTimeout: number): Fetch {
  const connect = buildConnector({ timeout: connectTimeout, allowH2: false })
  const agent = new Agent({
    allowH2: false,
    // Silence is judged by the clocks of the call, not by those of the transport.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) =>
      connect(options, (error, socket) =>
        error ? callback(new ConnectFailure(error), null) : callback(null, socket),
      ),
  })
  return (input, init) => {
    const url = typeof input === 'string' || input instanceof URL ? input : input.url
    const options: object = { ...init, dispatcher: agent, redirect: 'manual' }
    return fetch(url, options)
  }
}
