import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** One request, and every way to answer it badly. */
export interface Exchange {
  readonly headers: IncomingHttpHeaders
  readonly body: Record<string, unknown>
  readonly path: string
  readonly response: ServerResponse
  /** Resolves when the socket is closed, by whichever side. */
  readonly closed: Promise<unknown>
  /** Sends the head of an event stream. */
  open(): void
  /** Sends bytes as they are, and resolves when the system took them. */
  write(bytes: string | Uint8Array): Promise<void>
  /** Sends one `data:` event. */
  event(data: unknown): Promise<void>
  /** Sends a complete answer that is no stream. */
  json(status: number, body: unknown, headers?: Record<string, string>): void
  /** Ends the connection with RST. */
  reset(): void
  /** Ends the connection with FIN, in the middle of whatever was being sent. */
  hangUp(): void
}

export type Script = (exchange: Exchange) => unknown

/** A provider that does exactly what a test tells it to. One script per request, in order; the last one stays. */
export class FaultServer {
  readonly #server = createServer((request, response) => {
    void this.#answer(request.headers, request.url ?? '', request, response)
  })
  readonly #sockets = new Set<Socket>()
  #scripts: Script[] = []
  /** Connections taken so far. */
  connections = 0
  readonly exchanges: Exchange[] = []

  static async open(): Promise<FaultServer> {
    const server = new FaultServer()
    server.#server.on('connection', (socket: Socket) => {
      server.connections++
      server.#sockets.add(socket)
      socket.setNoDelay().on('close', () => server.#sockets.delete(socket))
      socket.on('error', () => {})
    })
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    // A server that listens on TCP has an address of this type.
    return (this.#server.address() as AddressInfo).port
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/v1`
  }

  /** Connections that either side still holds. */
  get openSockets(): number {
    return this.#sockets.size
  }

  answer(...scripts: Script[]): void {
    this.#scripts = scripts
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(
    headers: IncomingHttpHeaders,
    path: string,
    request: AsyncIterable<Buffer>,
    response: ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    // The adapter under test sends an object; the tests look into it.
    const made = exchange(headers, path, body as Record<string, unknown>, response)
    this.exchanges.push(made)
    const script = this.#scripts.length > 1 ? this.#scripts.shift() : this.#scripts[0]
    await script?.(made)
  }
}

function exchange(
  headers: IncomingHttpHeaders,
  path: string,
  body: Record<string, unknown>,
  response: ServerResponse,
): Exchange {
  const socket = response.socket
  if (!socket) throw new Error('The request has no socket.')
  const write = (bytes: string | Uint8Array): Promise<void> =>
    new Promise((resolve) => void response.write(bytes, () => resolve()))
  return {
    headers,
    path,
    body,
    response,
    closed: new Promise((resolve) => void socket.once('close', resolve)),
    open: () => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      response.flushHeaders()
    },
    write,
    event: (data) => write(sse(data)),
    json: (status, answer, more = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...more })
      response.end(JSON.stringify(answer))
    },
    reset: () => void socket.resetAndDestroy(),
    hangUp: () => void socket.end(),
  }
}

/** The bytes of one event. */
export const sse = (data: unknown): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`

/** A chunk with text. */
export const textChunk = (content: string): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'test-model',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
})

/** The chunk that ends an answer. */
export const endChunk = (finish_reason = 'stop'): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'test-model',
  choices: [{ index: 0, delta: {}, finish_reason }],
})
