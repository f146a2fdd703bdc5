import type { Logger, TenantDirectory } from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'
import type { EntitleConversation } from './entitle-conversation.js'
import type { SummariseBranch } from './summarise-branch.js'

export interface AfterAnswerDeps {
  readonly tenants: TenantDirectory
  readonly entitleConversation: EntitleConversation
  readonly summariseBranch: SummariseBranch
  readonly logger: Logger
}

/** What is done with the model's help once an answer is complete and told. Nobody waits for it, and nothing hangs on it. */
export class AfterAnswer {
  readonly #deps: AfterAnswerDeps

  constructor(deps: AfterAnswerDeps) {
    this.#deps = deps
  }

  /** Never rejects. @param signal the process goes away */
  async execute(run: Run, signal: AbortSignal): Promise<void> {
    const { tenants, entitleConversation, summariseBranch, logger } = this.#deps
    const { tenantId, id: runId } = run
    try {
      const tenant = await tenants.find(tenantId)
      if (!tenant) return
      await entitleConversation.execute(run, tenant, signal)
      await summariseBranch.execute(run, tenant, signal)
    } catch (error) {
      logger.warn('a title or a summary could not be made', { tenantId, runId, error })
    }
  }
}
