import { ServerResponse } from 'node:http'

/** Writes the body of a response whose head has been written. */
export interface BodyWriter {
  /** @returns false when the client has not taken what was written before; it is kept meanwhile */
  write(text: string): boolean
  end(): void
}

/** Node writes a chunk as its length, its text and a line end, in a vector; one piece of text costs half as much. */
export function bodyWriter(response: ServerResponse): BodyWriter {
  response.flushHeaders()
  // What the page of a host puts around `write`, such as a compressor, must see the text and not our framing.
  const isOurs = response.write === ServerResponse.prototype.write
  if (!isOurs || !response.chunkedEncoding) {
    return { write: (text) => response.write(text), end: () => void response.end() }
  }
  // From here on node passes on what it is given.
  response.chunkedEncoding = false
  return {
    write: (text) => response.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`),
    end: () => void response.end('0\r\n\r\n'),
  }
}
