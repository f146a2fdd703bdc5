import { createParser, type EventSourceParser } from 'eventsource-parser'
import { ChunkTemplate } from './chunk-template.js'
import { FAILURE, normaliseChunk, type NormalisedChunk } from './normalise-chunk.js'

/** The provider's last word, `data: [DONE]`. */
export const DONE = '[DONE]'

export type AnswerEvent = NormalisedChunk | typeof DONE

/** Who is told what an answer says, event by event. After `DONE` nothing more comes. */
export interface AnswerListener {
  /** An event that carries text and nothing else, as nearly all do; the text may be empty. */
  onText(text: string): void
  onEvent(event: AnswerEvent): void
}

/** Reads the bytes of an answer, and tells each event as soon as it is whole. */
export interface AnswerParser {
  /**
   * @param bytes are only lent, from `start` to `end`; default: all of them
   * @throws when what came is no JSON object, and what the listener throws
   */
  push(bytes: Buffer, start?: number, end?: number): void
  /** Tells what the end of the body completes. @throws as `push` */
  end(): void
}

/** @param isInOnePiece as of `ProviderAnswer` */
export const answerParser = (isInOnePiece: boolean, listener: AnswerListener): AnswerParser =>
  isInOnePiece ? new WholeParser(listener) : new StreamParser(listener)

const DATA = 'data: '
const END_OF_EVENT = '\n\n'
const LINE_FEED = 10

/** Most characters of one event; more than any provider sends, and little enough to be harmless. */
const LONGEST_EVENT = 4 * 1024 * 1024

/** Reads any event, whatever its shape. */
interface AnyEventReader {
  readonly decoder: InstanceType<typeof TextDecoder>
  readonly parser: EventSourceParser
}

class StreamParser implements AnswerParser {
  readonly #listener: AnswerListener
  /** Only there where events are of another shape than those before: it weighs more than the rest of an open answer's reading. */
  #reader: AnyEventReader | null = null
  readonly #template = new ChunkTemplate()
  #hasBegun = false
  /** Whatever comes next begins an event. */
  #isBetween = false
  #isDone = false

  constructor(listener: AnswerListener) {
    this.#listener = listener
  }

  push(bytes: Buffer, start = 0, end = bytes.length): void {
    const rest = this.#isBetween ? start + this.#readFamiliar(bytes.toString('latin1', start, end)) : start
    if (rest < end) this.#feed(bytes.subarray(rest, end))
    else this.#reader = null
  }

  /** The rest of the decoder, and the blank line that some servers owe to their last event. */
  end(): void {
    const { decoder, parser } = this.#anyEventReader()
    parser.feed(`${decoder.decode()}\n\n`)
  }

  /**
   * Nearly all that comes is whole events of the shape of those before them.
   * @param text a character for each byte @returns how many bytes such events are
   */
  #readFamiliar(text: string): number {
    let at = 0
    while (text.startsWith(DATA, at)) {
      const end = text.indexOf(END_OF_EVENT, at)
      const words = end < 0 ? null : this.#template.read(text, at + DATA.length, end)
      if (words === null) break
      if (!this.#isDone) this.#listener.onText(words)
      at = end + END_OF_EVENT.length
    }
    return at
  }

  #feed(bytes: Buffer): void {
    const { decoder, parser } = this.#anyEventReader()
    const text = decoder.decode(bytes, { stream: true })
    parser.feed(text)
    // The last byte as well: the decoder may hold a part of a letter back.
    this.#isBetween = text.endsWith(END_OF_EVENT) && bytes.at(-1) === LINE_FEED
  }

  #anyEventReader(): AnyEventReader {
    if (this.#reader) return this.#reader
    const reader = { decoder: new TextDecoder('utf-8', { ignoreBOM: true }), parser: this.#newParser() }
    // Only at the very beginning may there be a mark of the order of bytes.
    if (this.#hasBegun) reader.parser.feed('\n')
    this.#hasBegun = true
    return (this.#reader = reader)
  }

  #newParser(): EventSourceParser {
    return createParser({
      onEvent: ({ event, data }) => this.#add(event, data),
      onError: (error) => {
        // Everything else is a line that is no SSE field, which the standard says to skip.
        if (error.type === 'max-buffer-size-exceeded') throw error
      },
      maxBufferSize: LONGEST_EVENT,
    })
  }

  #add(name: string | undefined, data: string): void {
    // What comes after the last word is not part of the answer.
    if (this.#isDone) return
    const meaning = data.trim()
    this.#isDone = meaning === DONE
    if (this.#isDone) this.#listener.onEvent(DONE)
    // Whatever an event of this name carries, often no JSON, the answer has failed.
    else if (name === 'error') this.#listener.onEvent(FAILURE)
    // An event without data is a sign of life.
    else if (meaning !== '') this.#listener.onEvent(this.#parse(data))
  }

  #parse(data: string): NormalisedChunk {
    const chunk = parse(data)
    this.#template.learn(data, chunk)
    return chunk
  }
}

/** Most characters of an answer that comes in one piece. */
const LONGEST_ANSWER = 16 * 1024 * 1024

class WholeParser implements AnswerParser {
  readonly #listener: AnswerListener
  readonly #decoder = new TextDecoder()
  #text = ''

  constructor(listener: AnswerListener) {
    this.#listener = listener
  }

  push(bytes: Buffer, start = 0, end = bytes.length): void {
    this.#text += this.#decoder.decode(bytes.subarray(start, end), { stream: true })
    if (this.#text.length > LONGEST_ANSWER) throw new Error('The answer is too long.')
  }

  end(): void {
    this.#listener.onEvent(parse(this.#text + this.#decoder.decode()))
    this.#listener.onEvent(DONE)
  }
}

function parse(json: string): NormalisedChunk {
  const chunk = normaliseChunk(JSON.parse(json))
  if (!chunk) throw new Error('An event of the answer is no object.')
  return chunk
}
