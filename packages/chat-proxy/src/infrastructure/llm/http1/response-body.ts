import { BrokenAnswer } from './broken-answer.js'

/** Gets the bytes of a body from `start` to `end`. They are only lent: another read overwrites them. */
export type TakeBytes = (bytes: Buffer, start: number, end: number) => void

/** Finds a body, and where it ends, in bytes that are cut anywhere. */
export interface ResponseBody {
  readonly isDone: boolean
  /** The end of the connection is the end of the body. */
  readonly mayEndHere: boolean
  /**
   * Gives what is body of the bytes from `start` to `end` to `take`.
   * @returns where the body, or the bytes, ended @throws BrokenAnswer
   */
  read(bytes: Buffer, start: number, end: number, take: TakeBytes): number
}

/** So many bytes. */
export class SizedBody implements ResponseBody {
  readonly mayEndHere = false
  #left: number

  constructor(size: number) {
    this.#left = size
  }

  get isDone(): boolean {
    return this.#left === 0
  }

  read(bytes: Buffer, start: number, end: number, take: TakeBytes): number {
    const stop = Math.min(end, start + this.#left)
    this.#left -= stop - start
    if (stop > start) take(bytes, start, stop)
    return stop
  }
}

/** All that comes until the connection ends. */
export class OpenEndedBody implements ResponseBody {
  readonly isDone = false
  readonly mayEndHere = true

  read(bytes: Buffer, start: number, end: number, take: TakeBytes): number {
    if (end > start) take(bytes, start, end)
    return end
  }
}

const [LF, CR, SEMICOLON] = [10, 13, 59]
/** Digits of the size of a chunk; more than anybody's memory. */
const MOST_DIGITS = 10
/** Bytes of all that is neither size nor body: extensions of chunks, and trailers. */
const MOST_EXTRA = 16 * 1024

/** What comes next. Those that are called `after` and `before`, and the end, are in the middle of a line end. */
type ChunkPlace =
  | 'size'
  | 'extension'
  | 'after-size'
  | 'data'
  | 'after-data'
  | 'before-size'
  | 'trailers'
  | 'trailer'
  | 'after-trailer'
  | 'end'

/** Chunks, each behind its size, to one without a byte. What else may stand with them is skipped. */
export class ChunkedBody implements ResponseBody {
  readonly mayEndHere = false
  #isDone = false
  #place: ChunkPlace = 'size'
  #digits = 0
  /** Of the chunk: its size, then what is missing of it. */
  #left = 0
  #extra = 0

  get isDone(): boolean {
    return this.#isDone
  }

  read(bytes: Buffer, start: number, end: number, take: TakeBytes): number {
    let at = start
    while (at < end && !this.#isDone) at = this.#step(bytes, at, end, take)
    return at
  }

  #step(bytes: Buffer, at: number, end: number, take: TakeBytes): number {
    switch (this.#place) {
      case 'size':
        return this.#size(bytes, at, end)
      case 'data':
        return this.#data(bytes, at, end, take)
      case 'after-data':
        return this.#expect(bytes[at] === CR, at, 'before-size')
      case 'before-size':
        return this.#expect(bytes[at] === LF, at, 'size')
      case 'extension':
        return this.#skipLine(bytes, at, end, 'after-size')
      case 'trailer':
        return this.#skipLine(bytes, at, end, 'after-trailer')
      case 'after-size':
        return this.#expect(bytes[at] === LF, at, this.#left === 0 ? 'trailers' : 'data')
      case 'after-trailer':
        return this.#expect(bytes[at] === LF, at, 'trailers')
      case 'trailers':
        this.#place = bytes[at] === CR ? 'end' : 'trailer'
        return bytes[at] === CR ? at + 1 : at
      case 'end':
        this.#isDone = true
        return this.#expect(bytes[at] === LF, at, 'end')
    }
  }

  #size(bytes: Buffer, start: number, end: number): number {
    for (let at = start; at < end; at += 1) {
      const digit = hexDigit(bytes[at] ?? 0)
      if (digit < 0) return this.#afterSize(bytes[at], at)
      this.#digits += 1
      if (this.#digits > MOST_DIGITS) throw new BrokenAnswer('A chunk is too large.')
      this.#left = this.#left * 16 + digit
    }
    return end
  }

  #afterSize(byte: number | undefined, at: number): number {
    if ((byte !== CR && byte !== SEMICOLON) || this.#digits === 0)
      throw new BrokenAnswer('A chunk has no size.')
    this.#digits = 0
    this.#place = byte === CR ? 'after-size' : 'extension'
    return at + 1
  }

  #data(bytes: Buffer, start: number, end: number, take: TakeBytes): number {
    const stop = Math.min(end, start + this.#left)
    this.#left -= stop - start
    if (this.#left === 0) this.#place = 'after-data'
    take(bytes, start, stop)
    return stop
  }

  /** To the end of a line that nobody reads, but for its line feed. */
  #skipLine(bytes: Buffer, start: number, end: number, next: ChunkPlace): number {
    let at = start
    for (; at < end && bytes[at] !== CR; at += 1)
      if (bytes[at] === LF) throw new BrokenAnswer('A line of the chunks ends as no line does.')
    this.#extra += at - start
    if (this.#extra > MOST_EXTRA) throw new BrokenAnswer('The chunks carry too much besides the body.')
    if (at === end) return end
    this.#place = next
    return at + 1
  }

  #expect(isThere: boolean, at: number, next: ChunkPlace): number {
    if (!isThere) throw new BrokenAnswer('A chunk does not end where its size says.')
    this.#place = next
    return at + 1
  }
}

/** -1 for what is none. */
function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
