import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { drained } from './response-stream.js'

/** Writes the body of a response whose head has been written. */
export interface BodyWriter {
  /** @returns false when the client has not taken what was written before; it is kept meanwhile */
  write(text: string): boolean
  /** The client has not taken everything yet. */
  readonly isFull: boolean
  /** Resolves when the client has taken everything, or is gone. */
  drained(): Promise<void>
  end(): void
}

/**
 * On the way of every token node's own path, which knows of heads, lengths and trailers, costs more than what it writes: it
 * hands a chunk on as its length, its text and a line end. Here it is one piece of text, straight to the socket.
 */
export function bodyWriter(response: ServerResponse): BodyWriter {
  response.flushHeaders()
  const { socket } = response
  // What the page of a host puts around `write`, such as a compressor, must see the text and not our framing. A response
  // that waits behind another one on its connection has no socket yet.
  const isOurs = response.write === ServerResponse.prototype.write
  return isOurs && response.chunkedEncoding && socket
    ? chunksTo(socket, response)
    : {
        write: (text) => response.write(text),
        get isFull() {
          return response.writableNeedDrain
        },
        drained: () => drained(response),
        end: () => void response.end(),
      }
}

function chunksTo(socket: Socket, response: ServerResponse): BodyWriter {
  // From here on node passes on what it is given.
  response.chunkedEncoding = false
  return {
    // A connection that is gone takes nothing: writing to it would be an error of the socket.
    write: (text) =>
      socket.destroyed || socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`),
    get isFull() {
      return socket.writableNeedDrain
    },
    drained: () => drained(socket),
    end: () => void response.end('0\r\n\r\n'),
  }
}
