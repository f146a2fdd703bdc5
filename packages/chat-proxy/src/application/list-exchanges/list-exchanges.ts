import type { Caller } from '../../domain/caller.js'
import type { ConversationRepository, ExchangePage } from '../../domain/ports/index.js'
import { ownerOf } from '../shared/owner.js'

/** The caller's questions with their answers, the conversation used last first, in each the newest first. */
export class ListExchanges {
  readonly #conversations: ConversationRepository

  constructor(deps: { readonly conversations: ConversationRepository }) {
    this.#conversations = deps.conversations
  }

  /** `page` counts from 1. */
  execute(caller: Caller, { page, pageSize }: { page: number; pageSize: number }): Promise<ExchangePage> {
    return this.#conversations.exchanges(ownerOf(caller), page, pageSize)
  }
}
