import {
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
import { randomUUID } from 'node:crypto'
import type { ErrorBody } from '@colloquy/chat-core/protocol'
import { StreamingServer } from './connection/streaming-server.js'

/** How long clients may take, in ms. Answers may take as long as they like. */
export interface Patience {
  /** For the headers of a request, the first on a new connection included. */
  readonly headers: number
  /** For a whole request. */
  readonly request: number
  /** Between two requests on one connection. */
  readonly idle: number
  /** For taking the last bytes of an answer that has been written. */
  readonly lastBytes: number
  /** How often the first two are looked at. */
  readonly check: number
}

/** Nobody who sends nothing stays for longer than 15 seconds. A slow line may need its time for a long answer. */
const PATIENCE: Patience = { headers: 10_000, request: 12_000, idle: 5_000, lastBytes: 60_000, check: 1_000 }
const MAX_HEADER_BYTES = 16 * 1024

/** An HTTP server that no slow or broken client can hold up. */
export function createHttpServer(listener: RequestListener, patience = PATIENCE): Server {
  const server = new StreamingServer({
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    keepAliveTimeout: patience.idle,
    lastBytesMs: patience.lastBytes,
    connectionsCheckingInterval: patience.check,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Node would refuse it without a word.
    requireHostHeader: false,
  })
  server.on('request', (request, response) => {
    response.once('prefinish', () => letGo(response, patience.lastBytes))
    if (lacksHost(request)) refuse(response, NO_HOST)
    else listener(request, response)
  })
  server.on('checkExpectation', (_request, response) => refuse(response, UNKNOWN_EXPECTATION))
  server.on('clientError', refuseBrokenRequest)
  return server
}

/** All is written; whoever does not take it is gone, or wants to keep us busy. */
function letGo(response: ServerResponse, ms: number): void {
  const timer = setTimeout(() => response.destroy(), ms).unref()
  response.once('close', () => clearTimeout(timer))
}

interface Refusal {
  readonly status: number
  readonly detail: string
}

const NO_HOST: Refusal = { status: 400, detail: 'The Host header is missing. HTTP/1.1 asks for it.' }
const UNKNOWN_EXPECTATION: Refusal = {
  status: 417,
  detail: 'Nothing but "100-continue" can be expected. Leave the Expect header out.',
}

const lacksHost = ({ httpVersion, headers }: IncomingMessage): boolean =>
  httpVersion === '1.1' && headers.host === undefined

/** What is wrong with HTTP itself is no matter of the application behind. */
function refuse(response: ServerResponse, refusal: Refusal): void {
  const { headers, json } = answerTo(refusal)
  response.writeHead(refusal.status, headers).end(json)
}

function answerTo({ status, detail }: Refusal) {
  const body: ErrorBody = {
    error: 'The request is not valid',
    detail,
    type: status === 413 ? 'PayloadTooLargeError' : 'BadRequestError',
    request_id: randomUUID(),
  }
  const json = JSON.stringify(body)
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(json)),
    'x-content-type-options': 'nosniff',
    'x-request-id': body.request_id,
    connection: 'close',
  }
  return { headers, json }
}

/** What cannot even be parsed gets the contract's shape too. There is no response object yet, so it is written by hand. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const refusal = refusalOf(error.code)
  const { headers, json } = answerTo(refusal)
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${json}`)
}

/** Statuses of HTTP itself where the contract's table has none. */
function refusalOf(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW')
    return { status: 431, detail: 'The headers are too large. Send fewer or shorter ones.' }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, detail: 'The request took too long to arrive.' }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return { status: 413, detail: 'The chunks carry too much besides the body.' }
  return { status: 400, detail: 'The request is not valid HTTP/1.1.' }
}
