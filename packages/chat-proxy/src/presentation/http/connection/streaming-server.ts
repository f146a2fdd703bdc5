import { Server, type ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import { ClientConnection, type SocketKeeper } from './client-connection.js'

export interface StreamingServerOptions extends ServerOptions {
  /** Milliseconds between two requests on one connection. */
  readonly keepAliveTimeout: number
  readonly lastBytesMs: number
}

/**
 * Node's HTTP server, of which single answers can get the socket for themselves. What it says of connections goes for those, too.
 */
export class StreamingServer extends Server implements SocketKeeper {
  readonly lastBytesMs: number
  readonly #taken = new Set<Socket>()
  /** Node's own listener: begins to read requests. */
  readonly #serve: (connection: ClientConnection) => void
  readonly #idleMs: number

  constructor(options: StreamingServerOptions) {
    super(options)
    this.lastBytesMs = options.lastBytesMs
    this.#idleMs = options.keepAliveTimeout
    const [serve] = this.listeners('connection')
    if (!serve) throw new Error('This version of Node reads connections in another way.')
    this.#serve = (connection) => void Reflect.apply(serve, this, [connection])
    this.removeAllListeners('connection')
    this.on('connection', (socket: Socket) => this.#begin(socket))
    this.on('request', (request, response) => {
      const connection: unknown = request.socket
      if (connection instanceof ClientConnection) connection.answering(response)
    })
  }

  onTaken(socket: Socket): void {
    this.#taken.add(socket)
  }

  onFree(socket: Socket, early: Buffer | null): void {
    this.#taken.delete(socket)
    if (early === null || !this.listening || socket.destroyed) return socket.destroySoon()
    // Ends by the time that it was promised to be kept for, unless a request comes.
    socket.setTimeout(this.#idleMs)
    socket.once('data', () => socket.setTimeout(0))
    this.#begin(socket).begin(early)
  }

  override closeAllConnections(): void {
    super.closeAllConnections()
    for (const socket of this.#taken) socket.destroy()
  }

  #begin(socket: Socket): ClientConnection {
    const connection = new ClientConnection(socket, this)
    this.#serve(connection)
    return connection
  }
}
