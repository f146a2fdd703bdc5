import { createParser, type EventSourceParser } from 'eventsource-parser'
import type { Clock } from '../../domain/ports/clock.js'
import { FAILURE, normaliseChunk, type NormalisedChunk } from './normalise-chunk.js'

/** The provider's last word, `data: [DONE]`. */
export const DONE = '[DONE]'

export type AnswerEvent = NormalisedChunk | typeof DONE

/** Most characters of one event; more than any provider sends, and little enough to be harmless. */
const LONGEST_EVENT = 4 * 1024 * 1024
/** Milliseconds to wait for the end of a body after `[DONE]`, so that its connection can be used again. */
const DRAIN = 1000

/** Reads the body of an answer, streamed or not, as batches of what came together. */
export class AnswerStream {
  readonly #response: Response
  readonly #isWhole: boolean
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #parser: EventSourceParser
  #batch: AnswerEvent[] = []
  #isOver = false

  constructor(response: Response) {
    this.#response = response
    this.#isWhole = response.headers.get('content-type')?.includes('application/json') === true
    this.#reader = this.#isWhole ? undefined : response.body?.getReader()
    this.#parser = createParser({
      onEvent: ({ event, data }) => this.#add(event, data),
      onError: (error) => {
        // Everything else is a line that is no SSE field, which the standard says to skip.
        if (error.type === 'max-buffer-size-exceeded') throw error
      },
      maxBufferSize: LONGEST_EVENT,
    })
  }

  /**
   * The next events, none when only part of one has come.
   * @returns `null` at the end of the body.
   * @throws when the connection breaks or what came is no JSON object.
   */
  async read(): Promise<readonly AnswerEvent[] | null> {
    if (this.#isOver) return null
    if (this.#isWhole) return this.#readWhole()
    if (!this.#reader) return null
    const { done, value } = await this.#reader.read()
    this.#isOver = done
    // At the end: the rest of the decoder, and the blank line that some servers owe to their last event.
    this.#parser.feed(done ? `${this.#decoder.decode()}\n\n` : this.#decoder.decode(value, { stream: true }))
    const batch = this.#batch
    this.#batch = []
    return batch
  }

  /** After `[DONE]`: reads on in the background to the end that is about to come, and gives up if it does not. */
  drain(clock: Clock): void {
    const reader = this.#reader
    if (!reader || this.#isOver) return
    const cancel = clock.after(DRAIN, () => void reader.cancel().catch(() => {}))
    void readToEnd(reader).finally(cancel)
  }

  #add(name: string | undefined, data: string): void {
    const meaning = data.trim()
    if (meaning === DONE) this.#batch.push(DONE)
    // Whatever an event of this name carries, often no JSON, the answer has failed.
    else if (name === 'error') this.#batch.push(FAILURE)
    // An event without data is a sign of life.
    else if (meaning !== '') this.#batch.push(parse(data))
  }

  async #readWhole(): Promise<readonly AnswerEvent[]> {
    this.#isOver = true
    return [parse(await this.#response.text()), DONE]
  }
}

function parse(json: string): NormalisedChunk {
  const chunk = normaliseChunk(JSON.parse(json))
  if (!chunk) throw new Error('An event of the answer is no object.')
  return chunk
}

/** Whatever comes or fails after the answer is complete does not concern anybody. */
async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    return
  }
}
