import type { Clock, Logger, Retention, RunLog, TenantDirectory } from '../../domain/ports/index.js'
import { purgeLimit } from '../shared/purge-limit.js'

export interface PurgeDeletedDeps {
  readonly retention: Retention
  readonly tenants: TenantDirectory
  readonly log: RunLog
  readonly clock: Clock
  readonly logger: Logger
}

/** Messages that one transaction takes: what it costs must hold up nobody. */
const STEP = 250

/** Takes away for good what was deleted and whose time, which each tenant sets, is over. */
export class PurgeDeleted {
  readonly #deps: PurgeDeletedDeps

  constructor(deps: PurgeDeletedDeps) {
    this.#deps = deps
  }

  /**
   * @param mayGoOn asked before every step: whether this is still the process that does it
   * @throws DomainError `store-unavailable`; what was taken away until then stays so
   */
  async execute(mayGoOn: () => Promise<boolean>): Promise<void> {
    for (const tenantId of await this.#deps.retention.tenantsWithDeleted()) {
      const count = await this.#purge(tenantId, mayGoOn)
      if (count > 0) this.#deps.logger.info('purged deleted conversations', { tenantId, count })
    }
  }

  /** @returns how many conversations are gone */
  async #purge(tenantId: string, mayGoOn: () => Promise<boolean>): Promise<number> {
    const { retention, tenants, log, clock } = this.#deps
    const deletedUntil = purgeLimit(await tenants.find(tenantId), clock.now())
    let count = 0
    while (await mayGoOn()) {
      const step = await retention.purge(tenantId, { deletedUntil, limit: STEP, at: clock.now() })
      count += step.conversations
      if (step.runs.length > 0) await log.forget(step.runs)
      // Without progress an answer is still being made in what is left; its time comes.
      if (step.isComplete || step.messages === 0) break
    }
    return count
  }
}
