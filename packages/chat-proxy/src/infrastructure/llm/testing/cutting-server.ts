import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** Where in the bytes of the answer the connection ends, and how: with RST or with FIN. */
export interface Cut {
  readonly at: number
  readonly kind: 'reset' | 'hangUp'
}

/** A server below HTTP: gives every request the same bytes, as many as it is told to. */
export class CuttingServer {
  readonly #server = createServer((socket) => this.#serve(socket))
  readonly #bytes: Uint8Array
  readonly #nextCut: () => Cut
  readonly #sockets = new Set<Socket>()
  /** Requests taken. */
  requests = 0

  private constructor(bytes: Uint8Array, nextCut: () => Cut) {
    this.#bytes = bytes
    this.#nextCut = nextCut
  }

  static async open(bytes: Uint8Array, nextCut: () => Cut): Promise<CuttingServer> {
    const server = new CuttingServer(bytes, nextCut)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get baseUrl(): string {
    // A server that listens on TCP has an address of this type.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  /** Connections that either side still holds. */
  get openSockets(): number {
    return this.#sockets.size
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    let request = ''
    socket.on('data', (data) => {
      request += data.toString('latin1')
      if (!isWhole(request)) return
      request = ''
      this.requests++
      this.#answer(socket)
    })
  }

  #answer(socket: Socket): void {
    const { at, kind } = this.#nextCut()
    const end = (): void => void (kind === 'reset' ? socket.resetAndDestroy() : socket.end())
    if (at === 0) end()
    else socket.write(this.#bytes.subarray(0, at), end)
  }
}

/** Whether the request has come with its whole body. */
function isWhole(request: string): boolean {
  const head = request.indexOf('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(request)?.[1]
  return head >= 0 && request.length >= head + 4 + Number(length ?? 0)
}
