import type { LoggedEvent } from '../../domain/run-event.js'

/** What a reader reads: the part of a buffer that it may see. */
export interface ReadableBuffer {
  /** Readers see events up to this sequence number. */
  readonly released: number
  /** Nothing more will come. */
  readonly isComplete: boolean
  after(seq: number, limit: number): readonly LoggedEvent[]
}

/** Events in one batch, so that a reader from the start of a long log does not copy all of it. */
const BATCH = 512

type Batch = IteratorResult<readonly LoggedEvent[], undefined>

const OVER: Batch = { done: true, value: undefined }

/**
 * One reader of a buffer. Written by hand: as a generator it would cost several promises per token and a listener on the
 * signal for each wait; so it is one promise, and one listener in all.
 */
export class BufferReader implements AsyncIterableIterator<readonly LoggedEvent[], undefined> {
  readonly #buffer: ReadableBuffer
  readonly #signal: AbortSignal
  readonly #onEnd: (reader: BufferReader) => void
  #seen: number
  #waiting: ((batch: Batch) => void) | null = null
  #isOver = false
  readonly #wake = (): void => this.wake()

  /** @param onEnd called once, when it reads no more */
  constructor(
    buffer: ReadableBuffer,
    after: number,
    signal: AbortSignal,
    onEnd: (reader: BufferReader) => void,
  ) {
    this.#buffer = buffer
    this.#seen = after
    this.#signal = signal
    this.#onEnd = onEnd
    signal.addEventListener('abort', this.#wake, { once: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Batch> {
    const batch = this.#take()
    return batch ? Promise.resolve(batch) : new Promise((resolve) => (this.#waiting = resolve))
  }

  return(): Promise<Batch> {
    this.#end()
    this.wake()
    return Promise.resolve(OVER)
  }

  /** Something may have come. */
  wake(): void {
    const resolve = this.#waiting
    const batch = resolve && this.#take()
    if (!batch) return
    this.#waiting = null
    resolve(batch)
  }

  /** The next batch; `null` when it has yet to come. */
  #take(): Batch | null {
    if (this.#isOver || this.#signal.aborted) return this.#end()
    const { released } = this.#buffer
    if (released > this.#seen) {
      const value = this.#buffer.after(this.#seen, Math.min(BATCH, released - this.#seen))
      this.#seen += value.length
      return { done: false, value }
    }
    return this.#buffer.isComplete ? this.#end() : null
  }

  #end(): Batch {
    if (!this.#isOver) {
      this.#isOver = true
      this.#signal.removeEventListener('abort', this.#wake)
      this.#onEnd(this)
    }
    return OVER
  }
}

/** Reading that fails with its first step, as a generator would. */
export const unreadable = (error: Error): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({
    async next() {
      throw error
    },
  }),
})
