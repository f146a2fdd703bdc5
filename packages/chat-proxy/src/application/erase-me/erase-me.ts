import type { Caller } from '../../domain/caller.js'
import type { Clock, Logger, PersonalData, RunSignals } from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'
import { pause } from '../shared/pause.js'
import type { FinishErasures } from './finish-erasures.js'

export interface EraseMeDeps {
  readonly personalData: PersonalData
  readonly signals: RunSignals
  readonly finishErasures: FinishErasures
  readonly clock: Clock
  readonly logger: Logger
}

/** Waits before each further try, in milliseconds: answers under way take so long to stop. */
const RETRIES = [100, 400, 1_500]

/**
 * Forgets the caller. Once it is stored, nothing they said can be found; that it is also gone from every table follows at
 * once, or, when something stands in the way, by the job that finishes erasures.
 */
export class EraseMe {
  readonly #deps: EraseMeDeps

  constructor(deps: EraseMeDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `store-unavailable`; nothing has happened then */
  async execute(caller: Caller, signal: AbortSignal): Promise<void> {
    const { personalData, clock } = this.#deps
    const { tenantId, subject: ownerId } = caller
    const pseudonym = personalData.pseudonymOf(caller)
    const requestedAt = clock.now()
    const running = await personalData.beginErasure(caller, pseudonym, {
      tenantId,
      type: 'erasure.requested',
      subjectId: pseudonym,
      actor: pseudonym,
      at: requestedAt,
      data: {},
    })
    for (const run of running) await this.#stop(run)
    const erasure = { tenantId, ownerId, pseudonym, requestedAt }
    for (const wait of [0, ...RETRIES]) {
      if (wait > 0) await pause(clock, wait, signal)
      if (signal.aborted || (await this.#finish(erasure, signal))) return
    }
  }

  async #finish(erasure: Parameters<FinishErasures['finish']>[0], signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#deps.finishErasures.finish(erasure, signal)
    } catch (error) {
      this.#deps.logger.warn('an erasure could not be finished yet', { tenantId: erasure.tenantId, error })
      return true
    }
  }

  async #stop(run: RunRef): Promise<void> {
    const { signals, logger } = this.#deps
    await signals
      .requestStop(run)
      .catch((error: unknown) => logger.warn('a stop could not be sent', { ...run, error }))
  }
}
