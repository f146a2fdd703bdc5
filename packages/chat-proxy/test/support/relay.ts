import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a relay does with one request instead of passing it on. */
export type RelayFault =
  /** Answers by itself. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  /** Tears the connection down before anything is answered. */
  | { readonly kind: 'reset' }
  /** Never answers. */
  | { readonly kind: 'silence' }
  /** Passes on what `change` makes of the answer's bytes. */
  | { readonly kind: 'change'; readonly change: ChangeBody }

/** Called for each chunk of the answer and once with `null` at its end. Writes what should arrive. */
export type ChangeBody = (chunk: Buffer | null, out: ServerResponse) => void

/** An HTTP relay in front of the proxy, on real sockets, that breaks single requests on demand. */
export class Relay {
  readonly #server: Server
  /** Asked for every request, in order of arrival. */
  fault: (request: IncomingMessage) => RelayFault | null = () => null

  private constructor(targetPort: number) {
    this.#server = createServer((incoming, out) => this.#handle(incoming, out, targetPort))
  }

  static async open(targetPort: number): Promise<Relay> {
    const relay = new Relay(targetPort)
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve))
    return relay
  }

  get url(): string {
    // A listening TCP server has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  #handle(incoming: IncomingMessage, out: ServerResponse, port: number): void {
    const fault = this.fault(incoming)
    switch (fault?.kind) {
      case 'reset':
        out.socket?.resetAndDestroy()
        return
      case 'silence':
        return
      case 'answer':
        incoming.resume()
        out.writeHead(fault.status, fault.headers)
        out.end(fault.body)
        return
      case 'change':
      case undefined:
        pass(incoming, out, port, fault?.change ?? passOn)
    }
  }
}

const passOn: ChangeBody = (chunk, out) => {
  if (chunk) out.write(chunk)
  else out.end()
}

function pass(incoming: IncomingMessage, out: ServerResponse, port: number, change: ChangeBody): void {
  const { method, url, headers } = incoming
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    out.writeHead(answer.statusCode ?? 502, answer.headers)
    out.flushHeaders()
    answer.on('data', (chunk: Buffer) => !out.destroyed && change(chunk, out))
    answer.on('end', () => !out.destroyed && change(null, out))
  })
  onward.on('error', () => out.destroy())
  out.on('close', () => onward.destroy())
  incoming.pipe(onward)
}
