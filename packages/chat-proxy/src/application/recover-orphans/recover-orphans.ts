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
import { isStoreAway } from '../../domain/errors.js'
import { endedEvent } from '../generate/ended-event.js'
import { LEASE_MS, type Leases } from '../generate/leases.js'
import { measureEnd } from '../generate/measure-end.js'
import { closingEvents } from './closing-events.js'
import { readLog, type LogReading } from './read-log.js'
import { recoveredEnd } from './recovered-end.js'

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
/** A look that is later by so many milliseconds: this process stood still, perhaps with others beside it, whose leases ran out meanwhile. */
const LATE_MS = LEASE_MS / 2

/** What could be learnt from a log: `null` when it does not know the run. */
type Found = LogReading | null | 'unavailable'

/** A run that lost its process. */
interface Lost {
  readonly ref: RunRef
  readonly run: Run
}

/** The same with what was found of it. */
interface Orphan extends Lost {
  readonly found: Found
  /** The end that is stored, or the one to be stored. */
  readonly end: RunEnd
}

/**
 * Ends the runs of processes that died, with the text that came furthest, and sees that their logs tell the end: also of
 * runs whose process died between storing the end and telling it.
 */
export class RecoverOrphans {
  readonly #deps: RecoverOrphansDeps
  #stop: (() => Promise<void>) | null = null
  /** Whether the living could renew their leases since the last look, as far as this process can tell; if not, they are given time. */
  #living: 'renewing' | 'hindered' | 'given time' = 'renewing'

  constructor(deps: RecoverOrphansDeps) {
    this.#deps = deps
  }

  /** Looks now, and then all the time until `stop`. Nobody has to wait for it: readers of such a run are told when it ends. */
  start(): void {
    const { clock } = this.#deps
    let cancelTimer = (): void => {}
    let isStopped = false
    const again = (wait: number): void => {
      if (isStopped) return
      const due = clock.now() + wait
      cancelTimer = clock.after(wait, () => {
        sweep = this.#sweep(clock.now() - due).then(again)
      })
    }
    let sweep = this.#sweep(0).then(again)
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

  /** Recovers all that there are, as many at once as are found at once. @throws DomainError `store-unavailable` */
  async execute(): Promise<void> {
    let progress: number
    do progress = await this.#recoverSome()
    while (progress > 0)
  }

  /** Each step is taken for all of them at once, so that their ends are one transaction. @returns how many steps forward were taken */
  async #recoverSome(): Promise<number> {
    const { runs, leases, logger } = this.#deps
    const lost = (await runs.findOrphans()).map((run) => ({ run, ref: refOf(run) }))
    // A run of this process lives, however late it is with its renewals.
    const orphans = await this.#each(
      lost.filter(({ ref }) => !leases.holds(ref)),
      (one) => this.#find(one),
    )
    const ended = await this.#each(orphans, (orphan) => this.#end(orphan))
    const told = await this.#each(ended, (orphan) => this.#tell(orphan))
    await runs.release(told.map(({ ref }) => ref))
    const count = ended.filter(({ run }) => !isTerminal(run.status)).length
    if (count > 0) logger.info('ended interrupted runs', { count })
    return count + told.length
  }

  /**
   * Those that got through the step. One that cannot be recovered is not in the way of the others.
   * @throws DomainError `store-unavailable`
   */
  async #each<T extends Lost>(
    items: readonly T[],
    step: (item: T) => Promise<Orphan | null>,
  ): Promise<readonly Orphan[]> {
    const outcomes = await Promise.allSettled(items.map(step))
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') continue
      const error: unknown = outcome.reason
      if (isStoreAway(error)) throw error
      this.#deps.logger.error('an interrupted run could not be ended', { ...items[index]?.ref, error })
    }
    return outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' && outcome.value ? [outcome.value] : [],
    )
  }

  /**
   * While the store was away, or all processes of a machine stood still, nobody could renew a lease: from the first answer of the store
   * on, the living get time to do so before they are judged.
   * @param late milliseconds by which it is @returns milliseconds until the next one
   */
  async #sweep(late: number): Promise<number> {
    if (late > LATE_MS && this.#living === 'renewing') this.#living = 'hindered'
    try {
      if (this.#living === 'hindered') {
        await this.#deps.runs.findOrphans()
        this.#living = 'given time'
        return LEASE_MS
      }
      await this.execute()
      this.#living = 'renewing'
      return SWEEP_MS
    } catch (error) {
      this.#deps.logger.warn('could not look for interrupted runs', { error })
      this.#living = 'hindered'
      return LEASE_MS
    }
  }

  async #find({ ref, run }: Lost): Promise<Orphan> {
    const { log, conversations, clock } = this.#deps
    const found: Found = await readLog(log, ref).catch(unavailable)
    const { tenantId, ownerId, messageId } = run
    const message = await conversations.findMessage({ tenantId, ownerId }, messageId)
    // Without a message its conversation was deleted, and nobody can read the text.
    const stored = message?.content ?? ''
    const end = recoveredEnd(run, found === 'unavailable' ? null : found, { stored, now: clock.now() })
    return { ref, run, found, end }
  }

  /** @returns null when another process ended it */
  async #end(orphan: Orphan): Promise<Orphan | null> {
    const { ref, run, end } = orphan
    if (isTerminal(run.status)) return orphan
    if (!(await this.#deps.runs.end(ref, end, endedEvent(run, end, 'system')))) return null
    measureEnd(this.#deps.meter, run, end)
    return orphan
  }

  /** @returns null unless the log tells the end now, or there is no log that could */
  async #tell(orphan: Orphan): Promise<Orphan | null> {
    const { ref, found, end } = orphan
    if (found === null) return orphan
    if (found === 'unavailable') return null
    const isTold = await this.#deps.log
      .conclude(ref, found.lastSeq, closingEvents(found, end))
      .catch(unavailable)
    return isTold === true ? orphan : null
  }
}

function unavailable(error: unknown): 'unavailable' {
  if (error instanceof RunLogUnavailable) return 'unavailable'
  throw error
}

const refOf = (run: Run): RunRef => ({ tenantId: run.tenantId, runId: run.id })
