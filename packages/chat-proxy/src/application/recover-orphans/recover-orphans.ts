import {
  RunLogUnavailable,
  type Clock,
  type ConversationRepository,
  type Logger,
  type Meter,
  type RunLog,
  type RunRepository,
} from '../../domain/ports/index.js'
import { isTerminal, type Run, type RunEnd, type RunRef } from '../../domain/run.js'
import { interruptAttempts } from '../../domain/run-attempt.js'
import { DomainError } from '../../domain/errors.js'
import { endedEvent } from '../generate/ended-event.js'
import { LEASE_MS, type Leases } from '../generate/leases.js'
import { measureEnd } from '../generate/measure-end.js'
import { INTERRUPTED } from '../generate/outcome.js'
import { closingEvents } from './closing-events.js'
import { readLog, type LogReading } from './read-log.js'

export interface RecoverOrphansDeps {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly log: RunLog
  readonly leases: Leases
  readonly clock: Clock
  readonly logger: Logger
  readonly meter: Meter
}

/** Together with the lease below two seconds. */
const SWEEP_MS = 400

/** What could be learnt from a log: `null` when it does not know the run. */
type Found = LogReading | null | 'unavailable'

/**
 * Ends the runs of processes that died, with the text that came furthest, and sees that their logs tell the end: also of
 * runs whose process died between storing the end and telling it.
 */
export class RecoverOrphans {
  readonly #deps: RecoverOrphansDeps
  #stop: (() => Promise<void>) | null = null

  constructor(deps: RecoverOrphansDeps) {
    this.#deps = deps
  }

  /** Looks now, and then all the time until `stop`. Nobody has to wait for it: readers of such a run are told when it ends. */
  start(): void {
    let cancelTimer = (): void => {}
    let isStopped = false
    const again = (wait: number): void => {
      if (isStopped) return
      cancelTimer = this.#deps.clock.after(wait, () => {
        sweep = this.#sweep().then(again)
      })
    }
    let sweep = this.#sweep().then(again)
    this.#stop = async () => {
      isStopped = true
      cancelTimer()
      await sweep
    }
  }

  /** Resolves when the last look is over and none will come. */
  async stop(): Promise<void> {
    await this.#stop?.()
  }

  /** One look. @throws DomainError `store-unavailable` */
  async execute(): Promise<void> {
    const orphans = await this.#deps.runs.findOrphans()
    let count = 0
    let isLogAway = false
    for (const run of orphans) {
      // This process lives, however late it is with its renewals.
      if (this.#deps.leases.holds(refOf(run))) continue
      const found: Found = isLogAway ? 'unavailable' : await this.#read(run)
      isLogAway ||= found === 'unavailable'
      if (await this.#attempt(run, found)) count += 1
    }
    if (count > 0) this.#deps.logger.info('ended interrupted runs', { count })
  }

  /** @returns milliseconds until the next one */
  async #sweep(): Promise<number> {
    try {
      await this.execute()
      return SWEEP_MS
    } catch (error) {
      this.#deps.logger.warn('could not look for interrupted runs', { error })
      // While the store was away nobody could renew a lease: the living get time to do so before they are judged.
      return LEASE_MS
    }
  }

  /** A run that cannot be recovered is not in the way of the others. @throws DomainError `store-unavailable` */
  async #attempt(run: Run, found: Found): Promise<boolean> {
    try {
      return await this.#recover(run, found)
    } catch (error) {
      if (error instanceof DomainError && error.code === 'store-unavailable') throw error
      this.#deps.logger.error('an interrupted run could not be ended', { ...refOf(run), error })
      return false
    }
  }

  /** @returns whether the run was ended by us */
  async #recover(run: Run, found: Found): Promise<boolean> {
    const reading = found === 'unavailable' ? null : found
    const end = await this.#endOf(run, reading)
    const isOurs = !isTerminal(run.status)
    if (isOurs && !(await this.#deps.runs.end(refOf(run), end, endedEvent(run, end, 'system')))) return false
    if (isOurs) measureEnd(this.#deps.meter, run, end)
    if (found !== 'unavailable' && (await this.#tell(run, reading, end))) {
      await this.#deps.runs.release([refOf(run)])
    }
    return isOurs
  }

  /** @returns whether the log tells the end now, or there is no log that could */
  async #tell(run: Run, reading: LogReading | null, end: RunEnd): Promise<boolean> {
    if (reading === null) return true
    try {
      return await this.#deps.log.conclude(refOf(run), reading.lastSeq, closingEvents(reading, end))
    } catch (error) {
      if (error instanceof RunLogUnavailable) return false
      throw error
    }
  }

  async #read(run: Run): Promise<Found> {
    try {
      return await readLog(this.#deps.log, refOf(run))
    } catch (error) {
      if (error instanceof RunLogUnavailable) return 'unavailable'
      throw error
    }
  }

  /** The end that is stored, or the one to be stored: what readers were told already, else that it was interrupted. */
  async #endOf(run: Run, log: LogReading | null): Promise<RunEnd> {
    const { tenantId, ownerId, messageId, model, attempts } = run
    const message = await this.#deps.conversations.findMessage({ tenantId, ownerId }, messageId)
    // Without a message its conversation was deleted, and nobody can read the text.
    const stored = message?.content ?? ''
    const endedAt = run.endedAt ?? this.#deps.clock.now()
    const shared = { model, attempts: interruptAttempts(attempts, endedAt), endedAt }
    if (isTerminal(run.status)) {
      const { status, usage, error, lastSeq } = run
      return { ...shared, status, usage, error, lastSeq, content: stored }
    }
    const { status, usage, error } = log?.ended ?? {
      status: 'interrupted',
      usage: run.usage,
      error: INTERRUPTED,
    }
    const content = log && log.text.length > stored.length ? log.text : stored
    const missing = log ? closingEvents(log, { status, usage, error, content }).length : 0
    return { ...shared, status, usage, error, content, lastSeq: (log?.lastSeq ?? run.lastSeq) + missing }
  }
}

const refOf = (run: Run): RunRef => ({ tenantId: run.tenantId, runId: run.id })
