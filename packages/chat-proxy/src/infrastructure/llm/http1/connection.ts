import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { BrokenAnswer } from './broken-answer.js'
import { ConnectFailure } from './connect-failure.js'
import { ResponseReader, type ResponseReceiver } from './response-reader.js'

/** Who asks over a connection. After `onEnd` or `onFailure`, of which one comes, nothing more comes. */
export interface Exchange extends ResponseReceiver {
  onEnd(): void
  /** @param error ConnectFailure while it is certain that nothing was sent; BrokenAnswer; or what the system says */
  onFailure(error: Error): void
}

export interface Endpoint {
  readonly isSecure: boolean
  readonly host: string
  readonly port: number
  /** Milliseconds until TCP and TLS are ready. */
  readonly connectTimeout: number
}

/** What happens to a connection, told to whoever keeps it. */
export interface ConnectionKeeper {
  /** Of TLS, from a connection before: makes the next one quicker. */
  session: Buffer | undefined
  /** It has been answered, and may be used again within so many milliseconds. */
  onFree(connection: Connection, keepMs: number): void
  /** It is no more. May be told several times. */
  onGone(connection: Connection): void
}

/** Where all connections read into: what came is dealt with before anything else is read. */
const INCOMING = Buffer.allocUnsafeSlow(64 * 1024)
/** Milliseconds without a byte after which the system begins to make sure that the other side lives. */
const PROBE_AFTER = 60_000

/**
 * A connection that asks one thing at a time. It reads past the streams of node, which on the way of every token cost more than
 * all that is done with it here.
 */
export class Connection {
  readonly #keeper: ConnectionKeeper
  readonly #socket: Socket
  /** Ends it while it is not ready; not kept any longer. */
  #limit: NodeJS.Timeout | null
  #isReady = false
  #exchange: Exchange | null = null
  #reader: ResponseReader | null = null
  /** Waits for the connection. */
  #request = ''

  constructor(endpoint: Endpoint, keeper: ConnectionKeeper) {
    this.#keeper = keeper
    this.#socket = this.#open(endpoint)
    const tooLate = (): void => this.#fail(new ConnectFailure('ETIMEDOUT'))
    this.#limit = setTimeout(tooLate, endpoint.connectTimeout).unref()
    this.#socket.once(endpoint.isSecure ? 'secureConnect' : 'connect', () => this.#ready())
  }

  /** Sends a request, whose answer the exchange is told of. Only for a connection that is new or free. */
  ask(request: string, exchange: Exchange): void {
    this.#exchange = exchange
    this.#reader = new ResponseReader(exchange)
    this.#socket.setTimeout(0).ref()
    if (this.#isReady) this.#socket.write(request)
    else this.#request = request
  }

  /** Ends the connection, if this exchange is still under way. */
  abort(exchange: Exchange, reason: Error): void {
    if (this.#exchange === exchange) this.#fail(reason)
  }

  /** Nobody uses it; when nobody does for so many milliseconds, it ends. */
  rest(ms: number): void {
    this.#socket.setTimeout(ms).unref()
  }

  #open({ isSecure, host, port }: Endpoint): Socket {
    const onread = { buffer: INCOMING, callback: (length: number) => this.#read(length) }
    const options = { host, port, onread, noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_AFTER }
    const { session } = this.#keeper
    const socket = isSecure
      ? connectTls({
          ...options,
          // An address is no name that a certificate could be asked for by.
          ...(isIP(host) === 0 && { servername: host }),
          ...(session && { session }),
          ALPNProtocols: ['http/1.1'],
        })
      : connectTcp(options)
    return socket
      .on('session', (fresh: Buffer) => (this.#keeper.session = fresh))
      .on('timeout', () => this.#fail(new Error('The connection was not used any more.')))
      .on('error', (error) => this.#fail(error))
      .on('end', () => this.#ended())
      .on('close', () => this.#fail(new BrokenAnswer('The connection closed before the answer was whole.')))
  }

  #ready(): void {
    this.#isReady = true
    this.#lift()
    const request = this.#request
    this.#request = ''
    if (request !== '') this.#socket.write(request)
  }

  /** @returns whether to read on */
  #read(length: number): boolean {
    const reader = this.#reader
    try {
      // Nobody asked: the next answer would be taken for another one.
      if (!reader) throw new BrokenAnswer('An answer came to no question.')
      const used = reader.read(INCOMING, length)
      if (reader.isDone && this.#reader === reader) this.#done(used === length ? reader.keepMs : 0)
      return true
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error('The reader of the answer failed.'))
      return false
    }
  }

  #done(keepMs: number): void {
    const exchange = this.#letGo()
    // Answered before all of the question was sent: whoever refuses so may never read the rest, and the next one would wait behind it.
    const isSent = this.#socket.writableLength === 0
    if (keepMs > 0 && isSent) this.#keeper.onFree(this, keepMs)
    else this.#socket.destroy()
    exchange?.onEnd()
  }

  /** The server sends nothing more. What happens before the connection is ready, node reports as an error. */
  #ended(): void {
    if (this.#reader?.mayEndHere) this.#done(0)
    else if (this.#isReady) this.#fail(new BrokenAnswer('The connection ended before the answer was whole.'))
  }

  #lift(): void {
    if (this.#limit) clearTimeout(this.#limit)
    this.#limit = null
  }

  #fail(error: Error): void {
    this.#lift()
    this.#socket.destroy()
    this.#keeper.onGone(this)
    this.#letGo()?.onFailure(this.#isReady ? error : ConnectFailure.from(error))
  }

  #letGo(): Exchange | null {
    const exchange = this.#exchange
    this.#exchange = null
    this.#reader = null
    return exchange
  }
}
