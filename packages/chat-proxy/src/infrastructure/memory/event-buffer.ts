import type { Clock } from '../../domain/ports/clock.js'
import { RunLogGap, type LoggedBatches } from '../../domain/ports/run-log.js'
import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'
import { BufferReader, unreadable, type ReadableBuffer } from './buffer-reader.js'
import { PackedEvents } from './packed-events.js'

/**
 * The events of one run in the process that generates it. Readers see those that are released; the ones behind them are
 * still on their way into a log that all processes share.
 */
export class EventBuffer implements ReadableBuffer {
  readonly #events = new PackedEvents()
  readonly #readers = new Set<BufferReader>()
  #isWaking = false
  #released = 0
  #isAbandoned = false
  readonly #clock: Clock
  readonly #wakeAll = (): void => {
    this.#isWaking = false
    for (const reader of this.#readers) reader.wake()
  }

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How many events there are: the sequence number of the newest. */
  get lastSeq(): number {
    return this.#events.length
  }

  /** Sequence number of the newest event that readers see. */
  get released(): number {
    return this.#released
  }

  get isClosed(): boolean {
    return this.#events.isClosed
  }

  /** Readers see the whole of a closed log, or nothing more will come. */
  get isComplete(): boolean {
    return this.#isAbandoned || (this.isClosed && this.#released === this.lastSeq)
  }

  /** @returns its sequence number. @throws after `closed`, which is a fault of the caller */
  append(event: RunEvent): number {
    if (this.isClosed) throw new Error('This log is closed.')
    return this.#events.append(event)
  }

  /** Shows readers the events up to `seq`. */
  release(seq: number): void {
    if (seq <= this.#released) return
    this.#released = seq
    this.#wake()
  }

  /** Ends all reading where it stands. */
  abandon(): void {
    this.#isAbandoned = true
    this.#wake()
  }

  /** Released or not: what comes after `seq`, at most `limit` events. */
  after(seq: number, limit: number): readonly LoggedEvent[] {
    return this.#events.after(seq, limit)
  }

  /** As `RunLog.follow`; also ends when the buffer is abandoned. */
  follow(after: number, signal: AbortSignal): LoggedBatches {
    if (after > this.#released) return unreadable(new RunLogGap('The cursor is ahead of the log.'))
    const reader = new BufferReader(this, after, signal, (ended) => this.#readers.delete(ended))
    this.#readers.add(reader)
    return reader
  }

  /** At the end of the turn, for all that came in it. */
  #wake(): void {
    if (this.#isWaking || this.#readers.size === 0) return
    this.#isWaking = true
    this.#clock.soon(this.#wakeAll)
  }
}
