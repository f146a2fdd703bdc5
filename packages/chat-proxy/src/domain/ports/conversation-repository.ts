import type { ConversationMode } from '@colloquy/chat-core/protocol'
import type { Conversation } from '../conversation.js'
import type { DomainEvent } from '../domain-event.js'
import type { Message } from '../message.js'

/** Whose data a query may see. Every statement carries both in its key. */
export interface Owner {
  readonly tenantId: string
  readonly ownerId: string
}

/** What is left out stays as it is. */
export interface ConversationChange {
  readonly title?: string
  readonly mode?: ConversationMode
  readonly documentIds?: readonly string[]
}

export interface ConversationPage {
  readonly conversations: readonly Conversation[]
  readonly total: number
}

export interface MessagePage {
  /** First to last. */
  readonly messages: readonly Message[]
  readonly hasMore: boolean
}

/**
 * Conversations and their messages. Soft-deleted ones are as good as absent. Text comes back as it was given, except that
 * U+0000 and lone surrogates, which not every store can keep, become U+FFFD. Adapters pass `conversationRepositorySuite`.
 */
export interface ConversationRepository {
  /**
   * Stores a new conversation and its event, in one transaction.
   * @returns what is stored now: the given one, or the owner's own older one with the same id.
   * @throws DomainError `id-already-used` when the id belongs to somebody else or to a deleted conversation.
   */
  create(
    conversation: Conversation,
    event: DomainEvent,
  ): Promise<{ conversation: Conversation; created: boolean }>
  find(owner: Owner, id: string): Promise<Conversation | null>
  /** By `updatedAt`, newest first. `page` counts from 1. */
  list(owner: Owner, page: number, pageSize: number): Promise<ConversationPage>
  /** Changes it and its `updatedAt`, which becomes the event's time, with the event. @returns null, and no event, when it is not there */
  update(
    owner: Owner,
    id: string,
    change: ConversationChange,
    event: DomainEvent,
  ): Promise<Conversation | null>
  /** Marks as deleted, with its event. @returns false when there is nothing (left) to delete. */
  softDelete(owner: Owner, id: string, event: DomainEvent): Promise<boolean>
  /**
   * Gives every conversation of a visitor, deleted ones and all runs in them included, to a user of the same tenant, with one
   * event for each: one transaction. What belongs to the user already is left alone, so it can be done any number of times.
   * @returns how many there were
   */
  join(visitor: Owner, userSubject: string, eventOf: (conversationId: string) => DomainEvent): Promise<number>
  /** The newest `limit` messages (of all branches), or those older than message `before`; none when that is not one of them. */
  messages(
    owner: Owner,
    conversationId: string,
    options: { before?: string; limit: number },
  ): Promise<MessagePage>
  findMessage(owner: Owner, messageId: string): Promise<Message | null>
  /** The path from the first message down to `messageId`, at most the `limit` newest of it, oldest first. */
  branch(owner: Owner, messageId: string, limit: number): Promise<readonly Message[]>
}
