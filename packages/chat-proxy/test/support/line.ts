import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What happens to one connection, counted in bytes that the server sent over it. */
export interface Cut {
  /** `reset` tears the connection down with RST, `end` closes it as if all were well. */
  readonly kind: 'reset' | 'end'
  readonly afterBytes: number
}

/** A TCP line to a server on this machine that can be cut. Real sockets, so that a reset is a reset. */
export class Line {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Asked for every new connection; `null` leaves it whole. */
  nextCut: () => Cut | null = () => null
  /** Connections that were cut so far. */
  cuts = 0

  private constructor(targetPort: () => number) {
    this.#server = createServer((client) => this.#join(client, targetPort()))
  }

  static async open(targetPort: () => number): Promise<Line> {
    const line = new Line(targetPort)
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve))
    return line
  }

  get url(): string {
    // A listening TCP server has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Tears down every connection that is open now. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #join(client: Socket, port: number): void {
    const cut = this.nextCut()
    const server = connect(port, '127.0.0.1')
    let room = cut?.afterBytes ?? Infinity
    this.#hold(client, server)
    this.#hold(server, client)
    client.on('data', (bytes) => server.write(bytes))
    server.on('data', (bytes) => {
      const part = bytes.subarray(0, Math.min(bytes.length, room))
      room -= part.length
      if (part.length > 0) client.write(part)
      if (cut && room <= 0) this.#cut(client, server, cut)
    })
  }

  #cut(client: Socket, server: Socket, { kind }: Cut): void {
    if (client.destroyed) return
    this.cuts += 1
    server.destroy()
    if (kind === 'reset') client.resetAndDestroy()
    else client.end()
  }

  #hold(socket: Socket, other: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => other.destroy())
    socket.on('close', () => {
      this.#sockets.delete(socket)
      other.destroy()
    })
  }
}
