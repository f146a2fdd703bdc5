import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'

/** Answers one request, which is given as it came. */
export type Answering = (socket: Socket, request: string) => void

/** A server below HTTP: what it says is up to the test. One answering per request, in order; the last one stays. */
export class RawServer {
  readonly #server: Server
  readonly #answerings: Answering[]
  readonly #sockets = new Set<Socket>()
  connections = 0

  private constructor(answerings: readonly Answering[], secure: { key: string; cert: string } | null) {
    this.#answerings = [...answerings]
    const serve = (socket: Socket): void => this.#serve(socket)
    this.#server = secure ? createSecureServer(secure, serve) : createServer(serve)
  }

  static async open(
    answerings: readonly Answering[],
    secure: { key: string; cert: string } | null = null,
  ): Promise<RawServer> {
    const server = new RawServer(answerings, secure)
    server.#server.on('tlsClientError', () => {}).listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    // A server that listens on TCP has an address of this type.
    return (this.#server.address() as AddressInfo).port
  }

  /** Connections that either side still holds. */
  get open(): number {
    return this.#sockets.size
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.connections += 1
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {})
    socket.setEncoding('latin1').on('data', (request: string) => {
      const [answering] = this.#answerings.length > 1 ? this.#answerings.splice(0, 1) : this.#answerings
      answering?.(socket, request)
    })
  }
}
