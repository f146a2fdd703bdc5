import { DomainError } from '../../domain/errors.js'
import type { Tier } from '../../domain/limits.js'
import type { Arrival } from '../admission/queue-order.js'
import type { RunQueue } from '../admission/run-queue.js'
import type { Seat, Turn } from '../admission/seat.js'
import { deadline } from '../shared/pause.js'
import { Generation, type GenerationDeps, type GenerationJob } from './generation.js'

/** A place that is kept for a run while it is being admitted, so that draining waits for it. */
export interface GenerationSlot {
  /** Starts generating when its turn comes; returns at once. */
  start(job: GenerationJob): void
  /** For what is no run: see `Seat.turn`. */
  turn(signal: AbortSignal): Promise<Turn>
  /** Gives the place back when nothing was started in it, or what was done in it is over. */
  release(): void
  /** Aborts when draining waits no longer: what is done here has to end. */
  readonly interrupted: AbortSignal
}

export interface GenerationsDeps extends GenerationDeps {
  readonly queue: RunQueue
}

/** Seconds after which another process, or this one started anew, should be there. */
const RETRY_AFTER_SECONDS = 5

/** The generations of this process: starts them, and sees them to their end when the process goes away. */
export class Generations {
  readonly #deps: GenerationsDeps
  readonly #running = new Set<Generation>()
  /** Admissions under way and generations running. */
  readonly #pending = new Set<Promise<void>>()
  #draining = false
  readonly #interrupt = new AbortController()

  constructor(deps: GenerationsDeps) {
    this.#deps = deps
  }

  get isDraining(): boolean {
    return this.#draining
  }

  /** @throws DomainError `shutting-down` once draining began */
  assertOpen(): void {
    if (!this.#draining) return
    throw new DomainError(
      'shutting-down',
      'The server is restarting. Send the same request again in a moment.',
      {
        retryAfter: RETRY_AFTER_SECONDS,
      },
    )
  }

  /** @throws DomainError `shutting-down`, or `overloaded` when nobody of this tier could even wait */
  assertRoom(tier: Tier): void {
    this.assertOpen()
    this.#deps.queue.assertRoom(tier)
  }

  /** @throws DomainError `shutting-down` once draining began; `overloaded`, `rate-limited` as `RunQueue.enter` */
  open(arrival: Arrival): GenerationSlot {
    this.assertOpen()
    const seat = this.#deps.queue.enter(arrival)
    let isStarted = false
    let release = (): void => {}
    this.#track(new Promise((resolve) => (release = resolve)))
    return {
      start: (job) => {
        isStarted = true
        this.#start(job, seat)
      },
      turn: (signal) => seat.turn(signal, () => {}),
      release: () => {
        if (!isStarted) seat.leave()
        release()
      },
      interrupted: this.#interrupt.signal,
    }
  }

  /**
   * Admits nothing any more, lets answers finish for `graceMs`, then ends the rest as `interrupted`. Resolves when all have
   * ended and are stored.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true
    const limit = deadline(this.#deps.clock, graceMs, new AbortController().signal)
    await Promise.race([this.#settled(), aborted(limit.signal)])
    limit.release()
    this.#interrupt.abort()
    // An admission that was under way may have started one more since the last look.
    while (this.#pending.size > 0) {
      for (const generation of this.#running) generation.end('interrupted')
      await Promise.race(this.#pending)
    }
  }

  #start(job: GenerationJob, seat: Seat): void {
    const generation = new Generation(this.#deps, job, seat)
    this.#running.add(generation)
    const done = generation
      .run()
      .catch((error: unknown) => this.#deps.logger.error('a generation broke', { runId: job.run.id, error }))
      .finally(() => this.#running.delete(generation))
    this.#track(done)
  }

  #track(work: Promise<void>): void {
    this.#pending.add(work)
    void work.finally(() => this.#pending.delete(work))
  }

  async #settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.race(this.#pending)
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
