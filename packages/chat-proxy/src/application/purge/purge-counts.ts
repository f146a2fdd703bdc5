import type { Clock, Logger, Retention } from '../../domain/ports/index.js'

export interface PurgeCountsDeps {
  readonly retention: Retention
  readonly clock: Clock
  readonly logger: Logger
}

/** Limits and `GET /usage` ask for the day and the month that are under way alone; the rest is for whoever looks back. */
const KEPT_MS = 90 * 24 * 3_600_000
/** Counters that one transaction takes: what it costs must hold up nobody. */
const STEP = 500

/** Takes away what was counted in days and months that have been over for 90 days. There is a counter for each person and day. */
export class PurgeCounts {
  readonly #deps: PurgeCountsDeps

  constructor(deps: PurgeCountsDeps) {
    this.#deps = deps
  }

  /** @param mayGoOn as of `PurgeDeleted` @throws DomainError `store-unavailable`; what was taken away until then stays so */
  async execute(mayGoOn: () => Promise<boolean>): Promise<void> {
    const { retention, clock, logger } = this.#deps
    const endedUntil = clock.now() - KEPT_MS
    let [count, step] = [0, STEP]
    while (step === STEP && (await mayGoOn())) {
      step = await retention.purgeCounts({ endedUntil, limit: STEP })
      count += step
    }
    if (count > 0) logger.info('purged what was counted long ago', { count })
  }
}
