import type { Socket } from 'node:net'
import { drained } from '../stream/response-stream.js'
import type { BodyWriter } from '../stream/body-writer.js'
import type { SocketKeeper } from './client-connection.js'

export interface TakenConnectionOptions {
  readonly socket: Socket
  readonly keeper: SocketKeeper
  /** The head says that the body comes in chunks; otherwise the end of the connection is its end. */
  readonly isChunked: boolean
  /** The head says that the connection can be used again. */
  readonly isKept: boolean
  /** Called once, when the client has all of the body, or is gone before. */
  readonly onOver: (isWhole: boolean) => void
}

/** Bytes of further requests that are kept while an answer is open; whoever sends more is read on at its end. */
const MOST_EARLY = 16 * 1024

/** The body of an answer, straight to the client's socket, of which node's HTTP knows nothing any more. */
export class TakenConnection implements BodyWriter {
  readonly #options: TakenConnectionOptions
  readonly #socket: Socket
  readonly #isChunked: boolean
  /** What the client sent since its request. */
  #early: Buffer | null = null
  #isOver = false
  /** All is written: until when the client may take the last of it. */
  #limit: NodeJS.Timeout | null = null
  readonly #onData = (chunk: Buffer): void => this.#keep(chunk)
  /** Who sends nothing more has gone, as it is with other answers. */
  readonly #onEnd = (): void => void this.#socket.destroy()
  readonly #onClose = (): void => this.#over(false)

  constructor(options: TakenConnectionOptions) {
    this.#options = options
    this.#socket = options.socket
    this.#isChunked = options.isChunked
    this.#socket
      .on('data', this.#onData)
      .on('end', this.#onEnd)
      .on('error', ignore)
      .on('close', this.#onClose)
      .resume()
  }

  write(text: string): boolean {
    // A connection that is gone takes nothing: writing to it would be an error of the socket.
    if (this.#isOver) return true
    return this.#socket.write(
      this.#isChunked ? `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n` : text,
    )
  }

  get isFull(): boolean {
    return this.#socket.writableNeedDrain
  }

  drained(): Promise<void> {
    return drained(this.#socket)
  }

  end(): void {
    if (this.#socket.destroyed) return
    const { keeper, isKept } = this.#options
    this.#limit = setTimeout(() => this.#socket.destroy(), keeper.lastBytesMs).unref()
    const taken = (error?: Error | null): void => {
      if (!error) this.#over(true)
    }
    if (!isKept) this.#socket.end(this.#isChunked ? LAST_CHUNK : '', taken)
    else this.#socket.write(LAST_CHUNK, taken)
  }

  #keep(chunk: Buffer): void {
    this.#early = this.#early ? Buffer.concat([this.#early, chunk]) : chunk
    if (this.#early.length > MOST_EARLY) this.#socket.pause()
  }

  #over(isWhole: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#limit) clearTimeout(this.#limit)
    const socket = this.#socket
    const { keeper, isKept, onOver } = this.#options
    socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    // Whoever is next listens before this one stops.
    keeper.onFree(socket, isWhole && isKept ? (this.#early ?? NOTHING) : null)
    if (!socket.destroyed && isKept) socket.off('error', ignore)
    onOver(isWhole)
  }
}

const LAST_CHUNK = '0\r\n\r\n'
const NOTHING = Buffer.alloc(0)
/** What happened, its end tells. */
const ignore = (): void => {}
