import { randomUUID } from 'node:crypto'
import type { Clock } from '../../domain/ports/clock.js'
import { RunLogTakenOver, RunLogUnavailable, type RunLogWriter } from '../../domain/ports/run-log.js'
import type { RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import { EventBuffer } from '../memory/event-buffer.js'
import type { RunStreams } from './run-streams.js'

interface Flush {
  readonly seq: number
  resolve(): void
  reject(error: Error): void
}

/** Events in one batch; a script that takes longer would hold up everybody else's. */
const BATCH = 500
const RETRY_MS = 250
/**
 * Milliseconds for which the readers of this process wait for Redis. A piece of text is nowhere held back for more than 25, and on a busy
 * machine the timer itself comes late.
 */
const PATIENCE_MS = 10

/**
 * Carries one run from its process into Redis. Events wait in the buffer until Redis has them, then readers of this process
 * see them too. One batch is under way at a time and the next takes all that came meanwhile: nothing waits while Redis
 * keeps up, and batches grow when it does not. While Redis is silent or away the readers of this process go on without it,
 * and when it is back, even empty, it gets what it lacks.
 */
export class RedisRunWriter implements RunLogWriter {
  readonly buffer: EventBuffer
  readonly #run: RunRef
  readonly #streams: RunStreams
  readonly #clock: Clock
  readonly #onDone: () => void
  readonly #token = randomUUID()
  #flushes: Flush[] = []
  #acknowledged = 0
  #state: 'idle' | 'sending' | 'away' | 'lost' = 'idle'
  /** Appended after another writer took the run. */
  #lost = 0
  #cancelRetry = (): void => {}
  /** The batch under way has had no answer for so long that readers of this process no longer wait for one. */
  #isSilent = false
  /** Of the batch under way. */
  #awaited: Promise<unknown> | null = null

  /** `onDone` is called once, when `isDone` becomes true. */
  constructor(run: RunRef, streams: RunStreams, clock: Clock, onDone: () => void) {
    this.#run = run
    this.#streams = streams
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
    const seq = this.buffer.append(event, this.#clock.now())
    if (this.#state === 'away' || this.#isSilent) this.buffer.release(seq)
    if (this.#state === 'idle') this.#start()
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
    this.buffer.abandon()
    this.#rejectFlushes(error)
    this.#onDone()
  }

  /** At the end of this turn, so that all that is appended in it goes together. */
  #start(): void {
    this.#state = 'sending'
    setImmediate(() => void this.#send())
  }

  async #send(): Promise<void> {
    try {
      while (this.#state !== 'lost' && this.#acknowledged < this.buffer.lastSeq) {
        const batch = this.buffer.after(this.#acknowledged, BATCH)
        const newest = await this.#inTime(this.#streams.append(this.#run, this.#token, batch))
        if (newest === null) return this.giveUp(new RunLogTakenOver())
        this.#acknowledge(newest)
      }
      if (this.#state !== 'lost') this.#state = 'idle'
    } catch (error) {
      this.#goAway(error)
    }
  }

  /** The answer itself, however late. */
  async #inTime<T>(answer: Promise<T>): Promise<T> {
    // It may be there already and only unread, because this process had much to do: it is read before the verdict.
    const cancel = this.#clock.after(PATIENCE_MS, () => setImmediate(() => this.#goOn(answer)))
    this.#awaited = answer
    try {
      return await answer
    } finally {
      cancel()
      this.#awaited = null
      this.#isSilent = false
    }
  }

  #goOn(unanswered: Promise<unknown>): void {
    if (this.#awaited !== unanswered) return
    this.#isSilent = true
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

  #goAway(cause: unknown): void {
    if (this.#state === 'lost') return
    this.#state = 'away'
    this.buffer.release(this.buffer.lastSeq)
    this.#rejectFlushes(new RunLogUnavailable({ cause }))
    this.#cancelRetry = this.#clock.after(RETRY_MS, () => void this.#send())
  }

  #rejectFlushes(error: Error): void {
    for (const flush of this.#flushes.splice(0)) flush.reject(error)
  }
}
