import type { Clock, JobLeases, Logger } from '../../domain/ports/index.js'
import type { FinishErasures } from '../erase-me/finish-erasures.js'
import type { PurgeCounts } from './purge-counts.js'
import type { PurgeDeleted } from './purge-deleted.js'

export interface PurgeJobDeps {
  readonly jobLeases: JobLeases
  readonly finishErasures: FinishErasures
  readonly purgeDeleted: PurgeDeleted
  readonly purgeCounts: PurgeCounts
  readonly clock: Clock
  readonly logger: Logger
}

const JOB = 'purge'
/** How often erasures are seen to. */
const LOOK_MS = 60_000
/** How often deleted conversations and old counts are. */
const PURGE_MS = 3_600_000
/** Whoever has the job keeps it from look to look; another process takes it over when that one does not come back. */
export const PURGE_LEASE_MS = 3 * LOOK_MS

/** Finishes erasures and purges what was deleted or counted long ago: in all processes that share a store, one does it at a time. */
export class PurgeJob {
  readonly #deps: PurgeJobDeps
  #cancel: () => void = () => {}
  #look = Promise.resolve()
  readonly #stopped = new AbortController()
  #purgeFrom = 0

  constructor(deps: PurgeJobDeps) {
    this.#deps = deps
  }

  /** Looks from now on, until `stop`. */
  start(): void {
    this.#schedule(0)
  }

  /** Resolves when the last look is over, and gives the job to whoever comes next. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#cancel()
    await this.#look
    await this.#deps.jobLeases.release(JOB).catch(() => {})
  }

  /** One look. Never rejects: the next one comes. @returns whether this process has the job */
  async execute(): Promise<boolean> {
    try {
      if (!(await this.#mayGoOn())) return false
      await this.#deps.finishErasures.execute(this.#stopped.signal)
      await this.#purgeSometimes()
      return true
    } catch (error) {
      this.#deps.logger.warn('could not purge what is to be gone', { error })
      return false
    }
  }

  async #purgeSometimes(): Promise<void> {
    const { clock, purgeDeleted, purgeCounts } = this.#deps
    if (clock.now() < this.#purgeFrom) return
    await purgeDeleted.execute(() => this.#mayGoOn())
    await purgeCounts.execute(() => this.#mayGoOn())
    this.#purgeFrom = clock.now() + PURGE_MS
  }

  async #mayGoOn(): Promise<boolean> {
    return !this.#stopped.signal.aborted && (await this.#deps.jobLeases.acquire(JOB, PURGE_LEASE_MS))
  }

  #schedule(wait: number): void {
    if (this.#stopped.signal.aborted) return
    this.#cancel = this.#deps.clock.after(wait, () => {
      this.#look = this.execute().then(() => this.#schedule(LOOK_MS))
    })
  }
}
