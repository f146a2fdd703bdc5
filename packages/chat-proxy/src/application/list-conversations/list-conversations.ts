import type { Caller } from '../../domain/caller.js'
import type { ConversationPage, ConversationRepository } from '../../domain/ports/index.js'
import { ownerOf } from '../shared/owner.js'

/** The caller's conversations, the one used last first. */
export class ListConversations {
  readonly #conversations: ConversationRepository

  constructor(deps: { readonly conversations: ConversationRepository }) {
    this.#conversations = deps.conversations
  }

  /** `page` counts from 1. */
  execute(caller: Caller, { page, pageSize }: { page: number; pageSize: number }): Promise<ConversationPage> {
    return this.#conversations.list(ownerOf(caller), page, pageSize)
  }
}
