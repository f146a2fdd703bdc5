import { createParser, type EventSourceParser } from 'eventsource-parser'
import { ChunkTemplate } from './chunk-template.js'
import { FAILURE, normaliseChunk, type NormalisedChunk } from './normalise-chunk.js'

/** The provider's last word, `data: [DONE]`. */
export const DONE = '[DONE]'

export type AnswerEvent = NormalisedChunk | typeof DONE

/** Reads the bytes of an answer as batches of what came together. */
export interface AnswerParser {
  /**
   * @param bytes are only lent, from `start` to `end`; default: all of them
   * @returns the events that these bytes complete @throws when what came is no JSON object
   */
  push(bytes: Buffer, start?: number, end?: number): readonly AnswerEvent[]
  /** @returns what the end of the body completes @throws as `push` */
  end(): readonly AnswerEvent[]
}

/** @param contentType of the answer: providers may answer whole although a stream was asked for */
export const answerParser = (contentType: string | null): AnswerParser =>
  contentType?.includes('application/json') ? new WholeParser() : new StreamParser()

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
  /** Only there where events are of another shape than those before: it weighs more than the rest of an open answer's reading. */
  #reader: AnyEventReader | null = null
  readonly #template = new ChunkTemplate()
  #hasBegun = false
  /** Whatever comes next begins an event. */
  #isBetween = false
  #batch: AnswerEvent[] = []

  push(bytes: Buffer, start = 0, end = bytes.length): readonly AnswerEvent[] {
    const rest = this.#isBetween ? start + this.#readFamiliar(bytes.toString('latin1', start, end)) : start
    if (rest < end) this.#feed(bytes.subarray(rest, end))
    else this.#reader = null
    return this.#taken()
  }

  /** The rest of the decoder, and the blank line that some servers owe to their last event. */
  end(): readonly AnswerEvent[] {
    const { decoder, parser } = this.#anyEventReader()
    parser.feed(`${decoder.decode()}\n\n`)
    return this.#taken()
  }

  /**
   * Nearly all that comes is whole events of the shape of those before them.
   * @param text a character for each byte @returns how many bytes such events are
   */
  #readFamiliar(text: string): number {
    let at = 0
    while (text.startsWith(DATA, at)) {
      const end = text.indexOf(END_OF_EVENT, at)
      const event = end < 0 ? null : this.#template.read(text.slice(at + DATA.length, end))
      if (!event) break
      this.#batch.push(event)
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

  #taken(): readonly AnswerEvent[] {
    const batch = this.#batch
    this.#batch = []
    return batch
  }

  #add(name: string | undefined, data: string): void {
    const meaning = data.trim()
    if (meaning === DONE) this.#batch.push(DONE)
    // Whatever an event of this name carries, often no JSON, the answer has failed.
    else if (name === 'error') this.#batch.push(FAILURE)
    // An event without data is a sign of life.
    else if (meaning !== '') this.#batch.push(this.#parse(data))
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
  readonly #decoder = new TextDecoder()
  #text = ''

  push(bytes: Buffer, start = 0, end = bytes.length): readonly AnswerEvent[] {
    this.#text += this.#decoder.decode(bytes.subarray(start, end), { stream: true })
    if (this.#text.length > LONGEST_ANSWER) throw new Error('The answer is too long.')
    return []
  }

  end(): readonly AnswerEvent[] {
    return [parse(this.#text + this.#decoder.decode()), DONE]
  }
}

function parse(json: string): NormalisedChunk {
  const chunk = normaliseChunk(JSON.parse(json))
  if (!chunk) throw new Error('An event of the answer is no object.')
  return chunk
}
