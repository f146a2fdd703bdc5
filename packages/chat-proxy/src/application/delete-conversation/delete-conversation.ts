import type { Caller } from '../../domain/caller.js'
import type {
  Clock,
  ConversationRepository,
  Logger,
  RunRepository,
  RunSignals,
} from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'
import { requireConversation } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'

export interface DeleteConversationDeps {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly signals: RunSignals
  readonly clock: Clock
  readonly logger: Logger
}

/** Takes a conversation away from its owner's eyes, and stops the answer under way in it. */
export class DeleteConversation {
  readonly #deps: DeleteConversationDeps

  constructor(deps: DeleteConversationDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `conversation-not-found`, also the second time */
  async execute(caller: Caller, id: string): Promise<void> {
    const { conversations, runs, clock } = this.#deps
    const owner = ownerOf(caller)
    await requireConversation(conversations, owner, id)
    const active = await runs.findActive(owner, id)
    const deleted = await conversations.softDelete(owner, id, {
      tenantId: caller.tenantId,
      type: 'conversation.deleted',
      subjectId: id,
      actor: caller.subject,
      at: clock.now(),
      data: {},
    })
    if (!deleted) await requireConversation(conversations, owner, id)
    if (active) await this.#stop(active)
  }

  /** Nobody can read this answer any more; finishing it would only cost, and the deletion is done all the same. */
  async #stop({ tenantId, id: runId }: Run): Promise<void> {
    const { signals, logger } = this.#deps
    await signals
      .requestStop({ tenantId, runId })
      .catch((error: unknown) => logger.warn('a stop could not be sent', { tenantId, runId, error }))
  }
}
