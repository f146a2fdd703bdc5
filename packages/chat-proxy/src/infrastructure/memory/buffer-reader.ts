import type { LoggedBatches, TakeBatch } from '../../domain/ports/run-log.js'
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

/** Who gets the batches that are poured. */
interface Pouring {
  readonly take: TakeBatch
  resolve(): void
  reject(error: unknown): void
}

/**
 * One reader of a buffer. Written by hand: as a generator it would cost several promises per token and a listener on the
 * signal for each wait; so it is one promise, or none where it pours, and one listener in all.
 */
export class BufferReader implements AsyncIterableIterator<readonly LoggedEvent[], undefined>, LoggedBatches {
  readonly #buffer: ReadableBuffer
  readonly #signal: AbortSignal
  readonly #onEnd: (reader: BufferReader) => void
  #seen: number
  #waiting: ((batch: Batch) => void) | null = null
  #pouring: Pouring | null = null
  /** Whoever it is poured to has not done with the last batch. */
  #isHeld = false
  #isOver = false
  /** Kept here: asking the signal costs too much for every token. */
  #isGivenUp: boolean
  readonly #giveUp = (): void => {
    this.#isGivenUp = true
    this.wake()
  }

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
    this.#isGivenUp = signal.aborted
    signal.addEventListener('abort', this.#giveUp, { once: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Batch> {
    const batch = this.#batch()
    return batch ? Promise.resolve(batch) : new Promise((resolve) => (this.#waiting = resolve))
  }

  return(): Promise<Batch> {
    this.#end()
    this.wake()
    return Promise.resolve(OVER)
  }

  pour(take: TakeBatch): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pouring = { take, resolve, reject }
      this.#pour(this.#pouring)
    })
  }

  /** Something may have come. */
  wake(): void {
    if (this.#pouring) return this.#pour(this.#pouring)
    const resolve = this.#waiting
    const batch = resolve && this.#batch()
    if (!batch) return
    this.#waiting = null
    resolve(batch)
  }

  #pour(pouring: Pouring): void {
    if (this.#isHeld) return
    try {
      for (let events = this.#take(); events; events = this.#take()) {
        const held = pouring.take(events)
        if (held) return this.#hold(pouring, held)
      }
      if (this.#isAtEnd) this.#stopPouring(() => pouring.resolve())
    } catch (error) {
      this.#stopPouring(() => pouring.reject(error))
    }
  }

  #hold(pouring: Pouring, held: Promise<void>): void {
    this.#isHeld = true
    const goOn = (): void => {
      this.#isHeld = false
      this.#pour(pouring)
    }
    held.then(goOn, (error: unknown) => this.#stopPouring(() => pouring.reject(error)))
  }

  #stopPouring(settle: () => void): void {
    this.#pouring = null
    this.#end()
    settle()
  }

  /** The next batch, or the end; `null` when it has yet to come. */
  #batch(): Batch | null {
    const value = this.#take()
    if (value) return { done: false, value }
    return this.#isAtEnd ? this.#end() : null
  }

  /** What there is to read; `null` when that is nothing, now or for ever. */
  #take(): readonly LoggedEvent[] | null {
    const { released } = this.#buffer
    if (released <= this.#seen || this.#isOver || this.#isGivenUp) return null
    const events = this.#buffer.after(this.#seen, Math.min(BATCH, released - this.#seen))
    this.#seen += events.length
    return events
  }

  get #isAtEnd(): boolean {
    return this.#isOver || this.#isGivenUp || (this.#buffer.isComplete && this.#buffer.released <= this.#seen)
  }

  #end(): Batch {
    if (!this.#isOver) {
      this.#isOver = true
      this.#signal.removeEventListener('abort', this.#giveUp)
      this.#onEnd(this)
    }
    return OVER
  }
}

/** Reading that fails with its first step, as a generator would. */
export const unreadable = (error: Error): LoggedBatches => ({
  [Symbol.asyncIterator]: () => ({
    async next() {
      throw error
    },
  }),
})
