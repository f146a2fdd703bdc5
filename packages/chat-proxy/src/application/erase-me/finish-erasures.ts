import type { DomainEvent } from '../../domain/domain-event.js'
import type { Clock, Logger, OpenErasure, PersonalData, RunLog } from '../../domain/ports/index.js'

export interface FinishErasuresDeps {
  readonly personalData: PersonalData
  readonly log: RunLog
  readonly clock: Clock
  readonly logger: Logger
}

/** Messages, and events, that one transaction takes: what it costs must hold up nobody. */
const STEP = 250

/** Takes away for good what somebody wished to have forgotten. It can be given up at any place and begun again. */
export class FinishErasures {
  readonly #deps: FinishErasuresDeps

  constructor(deps: FinishErasuresDeps) {
    this.#deps = deps
  }

  /** All that are open. One that cannot be finished is not in the way of the others. @throws DomainError `store-unavailable` */
  async execute(signal: AbortSignal): Promise<void> {
    for (const erasure of await this.#deps.personalData.openErasures()) {
      if (signal.aborted) return
      try {
        await this.finish(erasure, signal)
      } catch (error) {
        const { tenantId } = erasure
        this.#deps.logger.warn('an erasure could not be finished yet', { tenantId, error })
      }
    }
  }

  /** @returns whether nothing is left; `false`: something is still under way, and another try is needed */
  async finish(erasure: OpenErasure, signal: AbortSignal): Promise<boolean> {
    const { personalData, clock } = this.#deps
    if (!(await this.#forget(erasure, signal))) return false
    let names = await personalData.anonymise(erasure, STEP)
    while (names === 'more' && !signal.aborted) names = await personalData.anonymise(erasure, STEP)
    if (names !== 'done') return false
    await personalData.completeErasure(erasure, completed(erasure, clock.now()))
    return true
  }

  async #forget(erasure: OpenErasure, signal: AbortSignal): Promise<boolean> {
    const { personalData, log, clock } = this.#deps
    while (!signal.aborted) {
      const step = await personalData.forget(erasure, STEP, clock.now())
      if (step.runs.length > 0) await log.forget(step.runs)
      if (step.isComplete) return true
      if (step.messages === 0) return false
    }
    return false
  }
}

const completed = ({ tenantId, pseudonym }: OpenErasure, at: number): DomainEvent => ({
  tenantId,
  type: 'erasure.completed',
  subjectId: pseudonym,
  actor: 'system',
  at,
  data: {},
})
