import type { Clock } from '../../domain/ports/clock.js'
import { RunLogGap, type LoggedBatches } from '../../domain/ports/run-log.js'
import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'
import { BufferReader, unreadable, type ReadableBuffer } from './buffer-reader.js'
import { PackedEvents } from './packed-events.js'

/** Few enough that those that are not packed yet weigh little, and that who reads live nearly always finds them. */
const PACK = 32

/**
 * The events of one run in the process that generates it. Readers see those that are released; the ones behind them are
 * still on their way into a log that all processes share.
 */
export class EventBuffer implements ReadableBuffer {
  /** The oldest, so many in each. */
  readonly #packed: PackedEvents[] = []
  /** Those after them. */
  #newest: LoggedEvent[] = []
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
    return this.#packed.length * PACK + this.#newest.length
  }

  /** Sequence number of the newest event that readers see. */
  get released(): number {
    return this.#released
  }

  get isClosed(): boolean {
    return this.#newest.at(-1)?.event.type === 'closed'
  }

  /** Readers see the whole of a closed log, or nothing more will come. */
  get isComplete(): boolean {
    return this.#isAbandoned || (this.isClosed && this.#released === this.lastSeq)
  }

  /** @returns its sequence number. @throws after `closed`, which is a fault of the caller */
  append(event: RunEvent, at: number): number {
    if (this.isClosed) throw new Error('This log is closed.')
    // Before, and not after, so that the newest is at hand.
    if (this.#newest.length === PACK) this.#pack()
    const seq = this.lastSeq + 1
    this.#newest.push({ seq, at, event })
    return seq
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
    const first = this.#packed.length * PACK
    if (seq >= first) return this.#newest.slice(seq - first, seq - first + limit)
    const events: LoggedEvent[] = []
    for (let index = seq; index < Math.min(seq + limit, this.lastSeq); index += 1) {
      const event =
        index < first ? this.#packed[Math.floor(index / PACK)]?.at(index % PACK) : this.#newest[index - first]
      if (event) events.push(event)
    }
    return events
  }

  #pack(): void {
    this.#packed.push(new PackedEvents(this.#newest))
    this.#newest = []
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
