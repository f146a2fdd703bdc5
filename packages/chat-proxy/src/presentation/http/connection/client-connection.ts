import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { RequestBytes } from './request-bytes.js'

type Done = (error?: Error | null) => void

/** A piece that waits to be written. */
interface Piece {
  readonly chunk: string | Buffer
  readonly encoding: BufferEncoding
}

/** Where a socket belongs that node's HTTP has let go. */
export interface SocketKeeper {
  /** Milliseconds for taking the last bytes of an answer that has been written. */
  readonly lastBytesMs: number
  /** It is in other hands. */
  onTaken(socket: Socket): void
  /** It is free for the next request, which may have begun with these bytes; `null`: it is gone, or is to go. */
  onFree(socket: Socket, early: Buffer | null): void
}

/**
 * A client's connection as node's HTTP sees it. Between the two stands no more than this, so that an answer can get the socket for
 * itself: parser, request and response of node, which are most of what an open stream would keep, end then.
 */
export class ClientConnection extends Duplex {
  readonly #socket: Socket
  readonly #keeper: SocketKeeper
  #request = new RequestBytes()
  /** Requests that have begun and whose answers have not ended. */
  #open = 0
  #isTaken = false
  readonly #onData = (chunk: Buffer): void => {
    this.#request.add(chunk)
    if (!this.push(chunk)) this.#socket.pause()
  }
  readonly #onEnd = (): void => void this.push(null)
  readonly #onTimeout = (): void => void this.emit('timeout')
  readonly #onError = (error: Error): void => void this.destroy(error)
  readonly #onClose = (): void => void this.destroy()

  constructor(socket: Socket, keeper: SocketKeeper) {
    super({ allowHalfOpen: true, decodeStrings: false })
    this.#socket = socket
    this.#keeper = keeper
    socket
      .on('data', this.#onData)
      .on('end', this.#onEnd)
      .on('timeout', this.#onTimeout)
      .on('error', this.#onError)
      .on('close', this.#onClose)
  }

  /** What came before this was there. */
  begin(early: Buffer): void {
    if (early.length > 0) this.#onData(early)
  }

  /** A request has come on it. */
  answering(response: ServerResponse): void {
    this.#open += 1
    response.once('close', () => {
      this.#open -= 1
      if (this.#open === 0) this.#request = new RequestBytes()
    })
  }

  /** Whether this answer, whose head is not written yet, may have the socket: nothing else was asked, and nothing waits to be sent. */
  mayGiveTo({ req }: ServerResponse): boolean {
    const { 'content-length': length = '0', 'transfer-encoding': coding } = req.headers
    return (
      this.#open === 1 &&
      req.complete &&
      coding === undefined &&
      this.#request.isJust(Number(length)) &&
      this.writableLength === 0 &&
      !this.destroyed
    )
  }

  /** Gives the socket to an answer whose head has been written. For node's HTTP this was all of it. */
  giveTo(response: ServerResponse): { readonly socket: Socket; readonly keeper: SocketKeeper } {
    this.#isTaken = true
    this.#socket
      .off('data', this.#onData)
      .off('end', this.#onEnd)
      .off('timeout', this.#onTimeout)
      .off('error', this.#onError)
      .off('close', this.#onClose)
      .setTimeout(0)
    response.end(() => this.destroy())
    this.#keeper.onTaken(this.#socket)
    return { socket: this.#socket, keeper: this.#keeper }
  }

  /** As of a socket, like the rest of what node's HTTP, and who reads requests, ask of one. */
  setTimeout(ms: number): this {
    if (!this.#isTaken) this.#socket.setTimeout(ms)
    return this
  }

  destroySoon(): void {
    this.end(() => (this.#isTaken ? this.destroy() : this.#socket.destroySoon()))
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  override _read(): void {
    if (!this.#isTaken) this.#socket.resume()
  }

  override _write(chunk: string | Buffer, encoding: BufferEncoding, done: Done): void {
    if (this.#isTaken) done()
    else this.#socket.write(chunk, encoding, done)
  }

  override _writev(pieces: readonly Piece[], done: Done): void {
    if (this.#isTaken) return done()
    this.#socket.cork()
    for (const { chunk, encoding } of pieces.slice(0, -1)) this.#socket.write(chunk, encoding)
    const last = pieces.at(-1)
    if (last) this.#socket.write(last.chunk, last.encoding, done)
    this.#socket.uncork()
  }

  override _final(done: Done): void {
    if (this.#isTaken) done()
    else this.#socket.end(done)
  }

  override _destroy(error: Error | null, done: Done): void {
    if (!this.#isTaken) this.#socket.destroy()
    done(error)
  }
}
