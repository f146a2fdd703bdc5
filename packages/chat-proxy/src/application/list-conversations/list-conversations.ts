import type { Caller } from '../../domain/caller.js'
import type { ConversationPage, ConversationRepository } from '../../domain/ports/index.js'
import { searchWords } from '../../domain/search-words.js'
import { ownerOf } from '../shared/owner.js'

export interface ListConversationsInput {
  /** Counts from 1. */
  readonly page: number
  readonly pageSize: number
  /** Only those that have these words in their title or in one message. Left out, or without a word: all. */
  readonly search?: {
    readonly query: string
    /** The asker went away. */
    readonly signal: AbortSignal
  }
}

/** The caller's conversations, the one used last first. */
export class ListConversations {
  readonly #conversations: ConversationRepository

  constructor(deps: { readonly conversations: ConversationRepository }) {
    this.#conversations = deps.conversations
  }

  execute(caller: Caller, { page, pageSize, search }: ListConversationsInput): Promise<ConversationPage> {
    const owner = ownerOf(caller)
    const words = searchWords(search?.query ?? '')
    if (!search || words.length === 0) return this.#conversations.list(owner, page, pageSize)
    return this.#conversations.search(owner, words, { page, pageSize, signal: search.signal })
  }
}
