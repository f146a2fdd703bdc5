import { BrokenAnswer } from './broken-answer.js'
import { ChunkedBody, OpenEndedBody, SizedBody, type ResponseBody, type TakeBytes } from './response-body.js'
import { parseHead, type ResponseHead } from './response-head.js'

/** Who is told of an answer as it comes. */
export interface ResponseReceiver {
  onHead(head: ResponseHead): void
  /** As `TakeBytes`. */
  onData(bytes: Buffer, start: number, end: number): void
}

/** Most bytes of status line and headers. */
const LONGEST_HEAD = 32 * 1024
const END_OF_HEAD = '\r\n\r\n'
const BEGINNING = 'HTTP/1.'
const LONE_LINE_FEED = /[^\r]\n/

/** Reads one answer of HTTP/1.1 from bytes that are cut anywhere. Interim answers before it are passed over. */
export class ResponseReader {
  readonly #receiver: ResponseReceiver
  readonly #take: TakeBytes
  /** What came of a head that is not whole. */
  #text = ''
  #body: ResponseBody | null = null
  #keepMs = 0

  constructor(receiver: ResponseReceiver) {
    this.#receiver = receiver
    this.#take = (bytes, start, end) => receiver.onData(bytes, start, end)
  }

  /** The whole answer has been read. */
  get isDone(): boolean {
    return this.#body?.isDone === true
  }

  /** As `ResponseHead.keepMs`; 0 while the head has not come. */
  get keepMs(): number {
    return this.#keepMs
  }

  /** @returns how many of the first `length` bytes belong to the answer @throws BrokenAnswer, and what the receiver throws */
  read(bytes: Buffer, length: number): number {
    let at = 0
    while (!this.#body) {
      if (at === length) return at
      at = this.#readHead(bytes, at, length)
    }
    return this.#body.read(bytes, at, length, this.#take)
  }

  /** Whether the connection may end here with a whole answer. */
  get mayEndHere(): boolean {
    return this.isDone || this.#body?.mayEndHere === true
  }

  #readHead(bytes: Buffer, start: number, end: number): number {
    const known = this.#text.length
    this.#text += bytes.toString('latin1', start, end)
    // The end may have begun in what was there before.
    const at = this.#text.indexOf(END_OF_HEAD, Math.max(0, known - END_OF_HEAD.length))
    const head = at < 0 ? this.#text : this.#text.slice(0, at)
    // Who speaks another protocol may wait for a word of ours.
    if (!BEGINNING.startsWith(head.slice(0, BEGINNING.length)))
      throw new BrokenAnswer('The answer is not of HTTP/1.')
    if (head.length > LONGEST_HEAD) throw new BrokenAnswer('The head of the answer is too long.')
    if (LONE_LINE_FEED.test(head.slice(Math.max(0, known - 1))))
      throw new BrokenAnswer('A line of the head ends as no line does.')
    if (at < 0) return end
    this.#text = ''
    this.#begin(parseHead(head))
    return start + at + END_OF_HEAD.length - known
  }

  #begin(head: ResponseHead): void {
    // Nothing else was asked for than HTTP.
    if (head.status === 101) throw new BrokenAnswer('The server wants to speak another protocol.')
    if (head.status < 200) return
    this.#keepMs = head.keepMs
    this.#body = bodyOf(head)
    this.#receiver.onHead(head)
  }
}

function bodyOf({ framing }: ResponseHead): ResponseBody {
  switch (framing.kind) {
    case 'sized':
      return new SizedBody(framing.bytes)
    case 'chunked':
      return new ChunkedBody()
    case 'until-close':
      return new OpenEndedBody()
  }
}
