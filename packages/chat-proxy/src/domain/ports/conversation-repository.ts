import type { ConversationMode } from '@colloquy/chat-core/protocol'
import type { Conversation, TitleSource } from '../conversation.js'
import type { DomainEvent } from '../domain-event.js'
import type { Feedback, Message } from '../message.js'

/** Whose data a query may see. Every statement carries both in its key. */
export interface Owner {
  readonly tenantId: string
  readonly ownerId: string
}

/** What is left out stays as it is. */
export interface ConversationChange {
  /** Who it is from goes with it. */
  readonly title?: { readonly text: string; readonly by: Exclude<TitleSource, 'model'> }
  readonly mode?: ConversationMode
  readonly documentIds?: readonly string[]
}

export interface ConversationPage {
  readonly conversations: readonly Conversation[]
  readonly total: number
}

/** A question with one of its answers. */
export interface PastExchange {
  readonly conversation: Conversation
  readonly userMessage: Message
  readonly message: Message
}

export interface ExchangePage {
  readonly exchanges: readonly PastExchange[]
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
   * @throws DomainError `id-already-used` when the id belongs to somebody else or to a deleted conversation,
   *   `not-authenticated` when the owner is a visitor who was forgotten.
   */
  create(
    conversation: Conversation,
    event: DomainEvent,
  ): Promise<{ conversation: Conversation; created: boolean }>
  find(owner: Owner, id: string): Promise<Conversation | null>
  /** By `updatedAt`, newest first. `page` counts from 1. */
  list(owner: Owner, page: number, pageSize: number): Promise<ConversationPage>
  /**
   * Those of them with a title or a message that has every one of `words` in it: anywhere, also within a word, whatever the
   * case of letters. Paged as `list`. It looks at everything the owner has, in pieces that hold up nobody.
   * @param words not empty, as `searchWords` gives them
   * @param signal the asker went away: the rest is not looked at
   */
  search(
    owner: Owner,
    words: readonly string[],
    page: { readonly page: number; readonly pageSize: number; readonly signal: AbortSignal },
  ): Promise<ConversationPage>
  /** Questions with their answers, those of all branches: conversations by `updatedAt`, newest first, in each the newest first. */
  exchanges(owner: Owner, page: number, pageSize: number): Promise<ExchangePage>
  /** Changes it and its `updatedAt`, which becomes the event's time, with the event. @returns null, and no event, when it is not there */
  update(
    owner: Owner,
    id: string,
    change: ConversationChange,
    event: DomainEvent,
  ): Promise<Conversation | null>
  /**
   * Gives it a title that the model made, with the event, unless it has one from a person. Its place in the list stays.
   * @returns whether it has that title now
   */
  entitle(owner: Owner, id: string, title: string, event: DomainEvent): Promise<boolean>
  /** Marks as deleted, with its event. @returns false when there is nothing (left) to delete. */
  softDelete(owner: Owner, id: string, event: DomainEvent): Promise<boolean>
  /**
   * Gives every conversation of a visitor, deleted ones and all runs in them included, to a user of the same tenant, with one
   * event for each: one transaction. What belongs to the user already is left alone, so it can be done any number of times.
   * @returns how many there were
   */
  join(visitor: Owner, userSubject: string, eventOf: (conversationId: string) => DomainEvent): Promise<number>
  /** Takes back a deletion after `deletedAfter`, with its event. @returns null, and no event, when there is none. */
  restore(owner: Owner, id: string, deletedAfter: number, event: DomainEvent): Promise<Conversation | null>
  /** Sets the feedback of an answer, with the event. @returns null, and no event, when the owner has no such answer. */
  rate(owner: Owner, messageId: string, feedback: Feedback, event: DomainEvent): Promise<Message | null>
  /** The newest `limit` messages (of all branches), or those older than message `before`; none when that is not one of them. */
  messages(
    owner: Owner,
    conversationId: string,
    options: { before?: string; limit: number },
  ): Promise<MessagePage>
  findMessage(owner: Owner, messageId: string): Promise<Message | null>
  /** Those of them that are there, in any order. */
  findMessages(owner: Owner, messageIds: readonly string[]): Promise<readonly Message[]>
  /** The path from the first message down to `messageId`, at most the `limit` newest of it, oldest first. */
  branch(owner: Owner, messageId: string, limit: number): Promise<readonly Message[]>
}
