import { ResponseReader, type ResponseReceiver } from '../response-reader.js'
import type { ResponseHead } from '../response-head.js'

/** Keeps an answer as it comes, its body copied. */
export class CollectingReceiver implements ResponseReceiver {
  head: ResponseHead | null = null
  body = ''

  onHead(head: ResponseHead): void {
    this.head = head
  }

  onData(bytes: Buffer, start: number, end: number): void {
    this.body += bytes.toString('latin1', start, end)
  }
}

export interface ReadAnswer {
  readonly status: number | undefined
  readonly body: string
  readonly isDone: boolean
  readonly mayEndHere: boolean
  /** Bytes that are not part of it. */
  readonly left: number
}

/** Reads pieces until the answer is done. As on a socket, all come in one buffer. @throws BrokenAnswer */
export function readPieces(pieces: readonly Buffer[]): ReadAnswer {
  const receiver = new CollectingReceiver()
  const reader = new ResponseReader(receiver)
  const lent = Buffer.alloc(64 * 1024)
  let left = 0
  for (const piece of pieces) {
    if (reader.isDone) left += piece.length
    else left += piece.length - reader.read(lent.fill('x').fill(piece, 0, piece.length), piece.length)
  }
  const { isDone, mayEndHere } = reader
  return { status: receiver.head?.status, body: receiver.body, isDone, mayEndHere, left }
}
