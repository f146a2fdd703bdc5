import { createParser, type EventSourceParser } from 'eventsource-parser'
import { FAILURE, normaliseChunk, type NormalisedChunk } from './normalise-chunk.js'

/** The provider's last word, `data: [DONE]`. */
export const DONE = '[DONE]'

export type AnswerEvent = NormalisedChunk | typeof DONE

/** Reads the bytes of an answer as batches of what came together. */
export interface AnswerParser {
  /** @returns the events that these bytes complete @throws when what came is no JSON object */
  push(bytes: Uint8Array): readonly AnswerEvent[]
  /** @returns what the end of the body completes @throws as `push` */
  end(): readonly AnswerEvent[]
}

/** @param contentType of the answer: providers may answer whole although a stream was asked for */
export const answerParser = (contentType: string | null): AnswerParser =>
  contentType?.includes('application/json') ? new WholeParser() : new StreamParser()

/** Most characters of one event; more than any provider sends, and little enough to be harmless. */
const LONGEST_EVENT = 4 * 1024 * 1024

class StreamParser implements AnswerParser {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #parser: EventSourceParser
  #batch: AnswerEvent[] = []

  constructor() {
    this.#parser = createParser({
      onEvent: ({ event, data }) => this.#add(event, data),
      onError: (error) => {
        // Everything else is a line that is no SSE field, which the standard says to skip.
        if (error.type === 'max-buffer-size-exceeded') throw error
      },
      maxBufferSize: LONGEST_EVENT,
    })
  }

  push(bytes: Uint8Array): readonly AnswerEvent[] {
    return this.#feed(this.#decoder.decode(bytes, { stream: true }))
  }

  /** The rest of the decoder, and the blank line that some servers owe to their last event. */
  end(): readonly AnswerEvent[] {
    return this.#feed(`${this.#decoder.decode()}\n\n`)
  }

  #feed(text: string): readonly AnswerEvent[] {
    this.#parser.feed(text)
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
    else if (meaning !== '') this.#batch.push(parse(data))
  }
}

/** Most characters of an answer that comes in one piece. */
const LONGEST_ANSWER = 16 * 1024 * 1024

class WholeParser implements AnswerParser {
  readonly #decoder = new TextDecoder()
  #text = ''

  push(bytes: Uint8Array): readonly AnswerEvent[] {
    this.#text += this.#decoder.decode(bytes, { stream: true })
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
