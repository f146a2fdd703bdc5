import { randomUUID } from 'node:crypto'
import type { Clock } from '../../domain/ports/clock.js'
import { RunLogTakenOver, RunLogUnavailable, type RunLogWriter } from '../../domain/ports/run-log.js'
import type { RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import { EventBuffer } from '../memory/event-buffer.js'
import type { Passenger, RoundTrips } from './round-trips.js'
import type { Append } from './run-streams.js'

interface Flush {
  readonly seq: number
  resolve(): void
  reject(error: Error): void
}

const RETRY_MS = 250

/**
 * Carries one run from its process into Redis. Events wait in the buffer until Redis has them, then readers of this process
 * see them too. While Redis is silent or away the readers of this process go on without it, and when it is back, even empty,
 * it gets what it lacks.
 */
export class RedisRunWriter implements RunLogWriter, Passenger {
  readonly buffer: EventBuffer
  readonly #run: RunRef
  readonly #trips: RoundTrips
  readonly #clock: Clock
  readonly #onDone: () => void
  readonly #token = randomUUID()
  #flushes: Flush[] = []
  #acknowledged = 0
  #state: 'ready' | 'away' | 'lost' = 'ready'
  /** Appended after another writer took the run. */
  #lost = 0
  #cancelRetry = (): void => {}

  /** `onDone` is called once, when `isDone` becomes true. */
  constructor(run: RunRef, trips: RoundTrips, clock: Clock, onDone: () => void) {
    this.#run = run
    this.#trips = trips
    this.#clock = clock
    this.buffer = new EventBuffer(clock)
    this.#onDone = onDone
  }

  /** Redis has all of the closed log, or will never get it. */
  get isDone(): boolean {
    return this.#state === 'lost' || (this.buffer.isClosed && this.#acknowledged === this.buffer.lastSeq)
  }

  append(event: RunEvent): number {
    if (this.#state === 'lost') return this.buffer.lastSeq + ++this.#lost
    const seq = this.buffer.append(event)
    if (this.#state === 'away' || this.#trips.isSilent) this.buffer.release(seq)
    if (this.#state === 'ready') this.#trips.join(this)
    return seq
  }

  flush(): Promise<void> {
    if (this.#state === 'lost') return Promise.reject(new RunLogTakenOver())
    const seq = this.buffer.lastSeq
    if (this.#acknowledged >= seq) return Promise.resolve()
    if (this.#state === 'away') return Promise.reject(new RunLogUnavailable())
    return new Promise((resolve, reject) => this.#flushes.push({ seq, resolve, reject }))
  }

  /** Sends no more. Readers of this process end where they stand. */
  giveUp(error: Error = new RunLogUnavailable()): void {
    if (this.isDone) return
    this.#state = 'lost'
    this.#cancelRetry()
    this.#trips.leave(this)
    this.buffer.abandon()
    this.#rejectFlushes(error)
    this.#onDone()
  }

  board(limit: number): Append | null {
    const events = this.buffer.after(this.#acknowledged, limit)
    return events.length > 0 ? { run: this.#run, token: this.#token, events } : null
  }

  arrived(newest: number | null): void {
    if (this.#state === 'lost') return
    if (newest === null) return this.giveUp(new RunLogTakenOver())
    this.#state = 'ready'
    this.#acknowledge(newest)
    if (newest < this.buffer.lastSeq) this.#trips.join(this)
  }

  failed(cause: unknown): void {
    if (this.#state === 'lost') return
    this.#state = 'away'
    this.#trips.leave(this)
    this.goOn()
    this.#rejectFlushes(new RunLogUnavailable({ cause }))
    this.#cancelRetry = this.#clock.after(RETRY_MS, () => this.#trips.join(this))
  }

  goOn(): void {
    this.buffer.release(this.buffer.lastSeq)
  }

  #acknowledge(newest: number): void {
    // Lower than before when Redis came back without its data: then everything from there is sent again.
    this.#acknowledged = newest
    this.buffer.release(newest)
    const done = this.#flushes.filter(({ seq }) => seq <= newest)
    this.#flushes = this.#flushes.filter(({ seq }) => seq > newest)
    for (const flush of done) flush.resolve()
    if (this.isDone) this.#onDone()
  }

  #rejectFlushes(error: Error): void {
    for (const flush of this.#flushes.splice(0)) flush.reject(error)
  }
}
