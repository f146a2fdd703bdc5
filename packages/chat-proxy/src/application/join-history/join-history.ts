import type { Caller } from '../../domain/caller.js'
import type { Clock, ConversationRepository } from '../../domain/ports/index.js'
import { ownerOf } from '../shared/owner.js'

export interface JoinHistoryDeps {
  readonly conversations: ConversationRepository
  readonly clock: Clock
}

/** What somebody asked before they signed in becomes theirs. Only ever a visitor's, and only within one tenant. */
export class JoinHistory {
  readonly #deps: JoinHistoryDeps

  constructor(deps: JoinHistoryDeps) {
    this.#deps = deps
  }

  /** @throws Error when the two are not a visitor and a user of the same tenant, which is for the caller to make sure */
  async execute(visitor: Caller, user: Caller): Promise<void> {
    if (visitor.kind !== 'visitor' || user.kind !== 'user' || visitor.tenantId !== user.tenantId)
      throw new Error('Only history of a visitor joins that of a user of the same tenant.')
    const { conversations, clock } = this.#deps
    await conversations.join(ownerOf(visitor), user.subject, (subjectId) => ({
      tenantId: user.tenantId,
      type: 'conversation.joined',
      subjectId,
      actor: user.subject,
      at: clock.now(),
      data: { visitor_id: visitor.subject },
    }))
  }
}
