import { ServerResponse, type OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { ClientConnection } from '../connection/client-connection.js'
import { TakenConnection } from '../connection/taken-connection.js'
import type { Visit } from '../routing/visit.js'
import type { BodyWriter } from './body-writer.js'
import { drained } from './response-stream.js'

/**
 * Writes the head of an answer with status 200 that goes on for long. On the way of every token node's own path, which knows of
 * heads, lengths and trailers, costs more than what it writes, and for as long as it lasts it keeps request, response and parser.
 * So the body goes straight to the socket: of a server of ours, which gives it away, with nothing of node's HTTP behind it.
 */
export function openBody(response: ServerResponse, headers: OutgoingHttpHeaders, visit: Visit): BodyWriter {
  const connection = givingConnection(response)
  response.writeHead(200, headers)
  response.flushHeaders()
  if (connection) return takenBody(response, connection, visit)
  const { socket } = response
  // A response that waits behind another one on its connection has no socket yet.
  return isOurs(response) && response.chunkedEncoding && socket
    ? chunksTo(socket, response)
    : plainBody(response)
}

/** What the page of a host puts around `write`, such as a compressor, must see the text and not our framing. */
const isOurs = (response: ServerResponse): boolean => response.write === ServerResponse.prototype.write

function givingConnection(response: ServerResponse): ClientConnection | null {
  const connection: unknown = response.socket
  if (!(connection instanceof ClientConnection)) return null
  // An answer to HEAD has no body.
  const mayBeGiven = isOurs(response) && response.req.method !== 'HEAD' && connection.mayGiveTo(response)
  return mayBeGiven ? connection : null
}

function takenBody(response: ServerResponse, connection: ClientConnection, visit: Visit): BodyWriter {
  const { chunkedEncoding: isChunked, shouldKeepAlive } = response
  return new TakenConnection({
    isChunked,
    isKept: isChunked && shouldKeepAlive,
    onOver: visit.leaveResponse(),
    ...connection.giveTo(response),
  })
}

const plainBody = (response: ServerResponse): BodyWriter => ({
  write: (text) => response.write(text),
  get isFull() {
    return response.writableNeedDrain
  },
  drained: () => drained(response),
  end: () => void response.end(),
})

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
