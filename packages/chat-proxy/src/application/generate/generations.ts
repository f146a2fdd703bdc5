import type { TerminalRunStatus } from '@colloquy/chat-core/protocol'
import { DomainError } from '../../domain/errors.js'
import type { Arrival } from '../admission/queue-order.js'
import type { RunQueue } from '../admission/run-queue.js'
import type { Turn } from '../admission/seat.js'
import type { KillSwitches } from '../../domain/kill-switch.js'
import type { ModelMessage, Span } from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'
import { chatDisabled } from '../admission/chat-gate.js'
import type { AfterAnswer } from '../after-answer/after-answer.js'
import { deadline } from '../shared/pause.js'
import { Generation, type GenerationDeps, type GenerationJob } from './generation.js'

/** A place that is kept for a run while it is being admitted, so that draining waits for it. */
export interface GenerationSlot {
  /**
   * Starts generating when its turn comes; returns at once.
   * @param shown what the model is shown as it stands now; `null`: to be read
   */
  start(job: GenerationJob, shown: readonly ModelMessage[] | null): void
  /** For what is no run: see `Seat.turn`. */
  turn(signal: AbortSignal): Promise<Turn>
  /** Gives the place back when nothing was started in it, or what was done in it is over. */
  release(): void
  /** Aborts when what is done here has to end, with the DomainError that says why. */
  readonly interrupted: AbortSignal
}

export interface GenerationsDeps extends GenerationDeps {
  readonly queue: RunQueue
  readonly switches: KillSwitches
  readonly afterAnswer: AfterAnswer
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
  /** What is done in slots that are no runs, each with its tenant. */
  readonly #others = new Map<AbortController, string>()

  constructor(deps: GenerationsDeps) {
    this.#deps = deps
    deps.switches.onChange(() => this.#endSwitchedOff())
  }

  get isDraining(): boolean {
    return this.#draining
  }

  /** @throws DomainError `shutting-down` once draining began */
  assertOpen(): void {
    if (this.#draining) throw shuttingDown()
  }

  /** @throws DomainError `shutting-down`, or as `RunQueue.assertRoom` */
  assertRoom(arrival: Arrival): void {
    this.assertOpen()
    this.#deps.queue.assertRoom(arrival)
  }

  /** @throws DomainError `shutting-down` once draining began; `overloaded`, `rate-limited` as `RunQueue.enter` */
  open(arrival: Arrival): GenerationSlot {
    this.assertOpen()
    const seat = this.#deps.queue.enter(arrival)
    const interrupt = this.#interruptible(arrival.tenantId)
    let isStarted = false
    let release = (): void => {}
    this.#track(new Promise((resolve) => (release = resolve)))
    return {
      start: (job, shown) => {
        isStarted = true
        this.#start(new Generation(this.#deps, job, seat, shown), job)
      },
      turn: (signal) => seat.turn(signal, () => {}),
      release: () => {
        this.#others.delete(interrupt)
        if (!isStarted) seat.leave()
        release()
      },
      interrupted: interrupt.signal,
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
    // An admission that was under way may have started one more since the last look.
    while (this.#pending.size > 0) {
      for (const generation of this.#running) generation.end('interrupted')
      for (const other of this.#others.keys()) other.abort(shuttingDown())
      await Promise.race(this.#pending)
    }
  }

  /** What the operator can end at any time; at once, if the chat was switched off since it was let in. */
  #interruptible(tenantId: string): AbortController {
    const interrupt = new AbortController()
    this.#others.set(interrupt, tenantId)
    if (this.#deps.switches.isTenantOff(tenantId)) interrupt.abort(chatDisabled())
    return interrupt
  }

  #endSwitchedOff(): void {
    const { switches } = this.#deps
    for (const generation of this.#running)
      if (switches.isTenantOff(generation.tenantId)) generation.end('disabled')
    for (const [other, tenantId] of this.#others)
      if (switches.isTenantOff(tenantId)) other.abort(chatDisabled())
  }

  #start(generation: Generation, job: GenerationJob): void {
    this.#running.add(generation)
    // It may have been switched off while the run was being admitted.
    if (this.#deps.switches.isTenantOff(job.run.tenantId)) generation.end('disabled')
    this.#track(this.#drive(generation, job))
  }

  /** To the end of the run, and through what follows it. Never rejects. */
  async #drive(generation: Generation, job: GenerationJob): Promise<void> {
    const status = await this.#endOf(generation, job.run)
    this.#running.delete(generation)
    await this.#goOn(job, status)
  }

  #endOf(
    generation: Generation,
    { tenantId, id: runId, conversationId }: Run,
  ): Promise<TerminalRunStatus | void> {
    const { tracer, logger } = this.#deps
    return tracer
      .span('run', { tenantId, runId, conversationId }, (span) => generation.run().then(failing(span)))
      .catch((error: unknown) => logger.error('a generation broke', { runId, error }))
  }

  /** A process that goes away begins nothing that nobody waits for. */
  async #goOn({ run, model }: GenerationJob, status: TerminalRunStatus | void): Promise<void> {
    // The scripted model answers questions, not tasks.
    if (status !== 'completed' || this.#draining || model.isDemo) return
    const interrupt = this.#interruptible(run.tenantId)
    await this.#deps.afterAnswer.execute(run, interrupt.signal)
    this.#others.delete(interrupt)
  }

  #track(work: Promise<void>): void {
    this.#pending.add(work)
    void work.finally(() => this.#pending.delete(work))
  }

  async #settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.race(this.#pending)
  }
}

const failing =
  (span: Span) =>
  (status: TerminalRunStatus): TerminalRunStatus => {
    if (status === 'failed') span.fail(status)
    return status
  }

const shuttingDown = (): DomainError =>
  new DomainError('shutting-down', 'The server is restarting. Send the same request again in a moment.', {
    retryAfter: RETRY_AFTER_SECONDS,
  })

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
