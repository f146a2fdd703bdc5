import { isId } from '@colloquy/chat-core/protocol'
import type { Caller } from '../../domain/caller.js'
import type { Conversation } from '../../domain/conversation.js'
import type { Clock, ConversationRepository, TenantDirectory } from '../../domain/ports/index.js'
import { requireConversation } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'
import { purgeLimit } from '../shared/purge-limit.js'

export interface RestoreConversationDeps {
  readonly conversations: ConversationRepository
  readonly tenants: TenantDirectory
  readonly clock: Clock
}

/** Takes back a deletion, as long as the conversation is kept. One that is not deleted stays as it is. */
export class RestoreConversation {
  readonly #deps: RestoreConversationDeps

  constructor(deps: RestoreConversationDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `conversation-not-found`, also when its time is over and nobody has purged it yet */
  async execute(caller: Caller, id: string): Promise<Conversation> {
    const { conversations, tenants, clock } = this.#deps
    const owner = ownerOf(caller)
    if (!isId(id)) return requireConversation(conversations, owner, id)
    const now = clock.now()
    const deletedAfter = purgeLimit(await tenants.find(caller.tenantId), now)
    const restored = await conversations.restore(owner, id, deletedAfter, {
      tenantId: caller.tenantId,
      type: 'conversation.restored',
      subjectId: id,
      actor: caller.subject,
      at: now,
      data: {},
    })
    return restored ?? requireConversation(conversations, owner, id)
  }
}
