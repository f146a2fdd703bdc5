import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { randomUUID } from 'node:crypto'
import type { ErrorBody } from '@colloquy/chat-core/protocol'

/** How long a client may take to send its headers, and its whole request, in ms. Answers may take as long as they like. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** How often the two are looked at. */
const CHECK_MS = 2_000

/** An HTTP server that no slow or broken request can hold up. */
export function createHttpServer(listener: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_MS,
    },
    listener,
  )
  server.on('clientError', refuseBrokenRequest)
  return server
}

/** What cannot even be parsed gets the contract's shape too. There is no response object yet, so it is written by hand. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, detail } = refusalOf(error.code)
  const body: ErrorBody = {
    error: 'The request is not valid',
    detail,
    type: status === 413 ? 'PayloadTooLargeError' : 'BadRequestError',
    request_id: randomUUID(),
  }
  const json = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(json)}`,
    'x-content-type-options: nosniff',
    `x-request-id: ${body.request_id}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${json}`)
}

/** Statuses of HTTP itself where the contract's table has none. */
function refusalOf(code: string | undefined): { status: number; detail: string } {
  if (code === 'HPE_HEADER_OVERFLOW')
    return { status: 431, detail: 'The headers are too large. Send fewer or shorter ones.' }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, detail: 'The request took too long to arrive.' }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return { status: 413, detail: 'The chunks carry too much besides the body.' }
  return { status: 400, detail: 'The request is not valid HTTP/1.1.' }
}
