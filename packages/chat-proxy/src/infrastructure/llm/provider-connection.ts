import type { Connection, Exchange } from './http1/connection.js'
import type { ResponseHead } from './http1/response-head.js'
import { ConnectionPool } from './http1/connection-pool.js'
import { IncomingBody, type BodySource } from './incoming-body.js'

/** By lower-case name. */
export type ProviderHeaders = ReadonlyMap<string, string>

/** The provider answered with another status than 2xx. Its words are left out: they like to quote the key and the conversation. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly headers: ProviderHeaders

  constructor(status: number, headers: ProviderHeaders) {
    super(`The provider answered ${status}.`)
    this.status = status
    this.headers = headers
  }
}

/** An answer with status 2xx. */
export interface ProviderAnswer {
  readonly status: number
  /** As one object of JSON: providers may answer so although a stream was asked for. Not told as text: a part of the head would keep all of it. */
  readonly isInOnePiece: boolean
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
  readonly #pool: ConnectionPool
  /** Everything of a request that is always the same. */
  readonly #head: string

  /** @throws Error for a base URL or a key that can never work; the message does not hold the key. */
  constructor({ baseUrl, apiKey, connectTimeout }: ProviderConnectionOptions) {
    if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
      throw new Error('The base URL of the model must be an http or https URL.')
    if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey))
      throw new Error('The key of the model is empty or holds characters that no key has.')
    const url = new URL(`${baseUrl.replace(/\/$/, '')}/chat/completions`)
    this.#pool = new ConnectionPool(endpointOf(url, connectTimeout))
    this.#head = headFor(url, apiKey)
  }

  /** @param body sent as JSON */
  post(body: unknown): ProviderCall {
    const json = JSON.stringify(body)
    const request = `${this.#head}content-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`
    return new ProviderCall(this.#pool, request)
  }
}

function endpointOf({ protocol, hostname, port }: URL, connectTimeout: number) {
  const isSecure = protocol === 'https:'
  // Only in a URL an address of IPv6 stands in brackets.
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return { isSecure, host, port: port === '' ? (isSecure ? 443 : 80) : Number(port), connectTimeout }
}

const headFor = ({ host, pathname, search }: URL, apiKey: string | null): string =>
  [
    `POST ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json, text/event-stream',
    // What is not compressed needs no unpacking on its way.
    'accept-encoding: identity',
    'user-agent: colloquy',
    ...(apiKey === null ? [] : [`authorization: Bearer ${apiKey}`]),
    '',
  ].join('\r\n')

/** One request under way, to the end of its answer. */
export class ProviderCall implements Exchange, BodySource {
  /** @throws ConnectFailure · Refusal · whatever else the connection died of */
  readonly answer: Promise<ProviderAnswer>
  readonly #connection: Connection
  #body: IncomingBody | null = null
  /** Until the answer has begun, or never will. */
  #waiting: { resolve(answer: ProviderAnswer): void; reject(error: unknown): void } | null = null

  constructor(pool: ConnectionPool, request: string) {
    this.answer = new Promise((resolve, reject) => (this.#waiting = { resolve, reject }))
    this.#connection = pool.ask(request, this)
  }

  /** Ends it, wherever it is, with its socket; does nothing when it is over. */
  abort(): void {
    this.#connection.abort(this, new Error('The call was ended.'))
  }

  onHead({ status, headers }: ResponseHead): void {
    this.#body = new IncomingBody(this)
    // However its words are packed: nobody reads them.
    if (status >= 300) return void this.#refuse(new Refusal(status, headers), this.#body)
    const encoding = headers.get('content-encoding') ?? 'identity'
    if (encoding !== 'identity') throw new Error(`The answer is packed as ${encoding}.`)
    const isInOnePiece = headers.get('content-type')?.includes('application/json') ?? false
    this.#waiting?.resolve({ status, isInOnePiece, body: this.#body })
    this.#waiting = null
  }

  onData(bytes: Buffer, start: number, end: number): void {
    this.#body?.push(bytes, start, end)
  }

  onEnd(): void {
    this.#body?.end(null)
  }

  onFailure(error: Error): void {
    this.#body?.end(error)
    this.#fail(error)
  }

  /** Reads what is said with it, so that the connection can be used again; one that goes on and on is ended. */
  async #refuse(refusal: Refusal, body: IncomingBody): Promise<void> {
    let length = 0
    try {
      await body.read((_bytes, start, end) => (length += end - start) < LONGEST_REFUSAL)
      this.#fail(refusal)
    } catch (error) {
      this.#fail(error)
    }
    this.abort()
  }

  #fail(error: unknown): void {
    this.#waiting?.reject(error)
    this.#waiting = null
  }
}
