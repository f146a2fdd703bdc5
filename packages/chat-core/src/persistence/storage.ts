import type { MessageFeedback, SendMessageRequest } from '../protocol/index.js'
import type { ChatMessageStatus } from '../messages/message.js'

/**
 * Where a client keeps what must survive a reload. Four collections of plain records, each with a string `id`.
 * An adapter (IndexedDB in chat-widget, memory here) must pass `storageSuite` from `@colloquy/chat-core/testing`.
 *
 * Rejections are allowed anywhere: the client then goes on without storage and reports it, again only when clearing fails, too.
 */
export interface ChatStorage {
  get<C extends CollectionName>(collection: C, id: string): Promise<Collections[C] | undefined>
  /** All records of a collection, in order of `id`; nothing is promised about other orders. */
  list<C extends CollectionName>(collection: C): Promise<Collections[C][]>
  /** The messages of one conversation, in order of `position`. */
  messagesOf(conversationId: string): Promise<StoredMessage[]>
  /** All changes or none, in the order given, with nothing of any other page in between. */
  write(changes: readonly StorageChange[]): Promise<void>
  /** Of a storage that pages share, see `sharedStorage`: another page has cleared it, and nothing is written until this one does so, too. */
  onCleared?(listener: () => void): void
}

export interface Collections {
  conversations: StoredConversation
  messages: StoredMessage
  outbox: OutboxEntry
  meta: MetaRecord
}

export type CollectionName = keyof Collections

export type StorageChange =
  | { [C in CollectionName]: { readonly put: C; readonly record: Collections[C] } }[CollectionName]
  | { readonly remove: CollectionName; readonly id: string }
  /** Removes the conversation record and all its messages. */
  | { readonly removeConversation: string }
  /** Removes everything of this storage. */
  | { readonly clear: true }
  /** Stands before all others: where there is no such record, nothing is written, and the write rejects. */
  | { readonly require: CollectionName; readonly id: string }

export interface StoredConversation {
  readonly id: string
  readonly title: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Milliseconds since 1970. */
  readonly updatedAt: number
}

export interface StoredMessage {
  readonly id: string
  readonly conversationId: string
  /** Grows with every message of a conversation; gaps are fine. */
  readonly position: number
  readonly role: 'user' | 'assistant'
  readonly content: string
  readonly status: ChatMessageStatus
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly parentId: string | null
  readonly runId: string | null
  readonly feedback?: MessageFeedback | null | undefined
}

/**
 * A question on its way, until the server has it; and one that was stopped, until its run has ended. Complete in itself, so that it can be
 * sent from here alone.
 */
export interface OutboxEntry {
  /** The run's id. */
  readonly id: string
  readonly question: StoredMessage
  /** Empty as yet, unless it was stopped. */
  readonly answer: StoredMessage
  /** `null` where there is only something to stop. */
  readonly body: (SendMessageRequest & { readonly run_id: string }) | null
  /** It was stopped, and is not to be asked any more; `unclear` where the server may have it, and has to be told. */
  readonly stopped?: 'unsent' | 'unclear'
}

/** A small named value: the visitor session, the conversation last open, a draft. JSON-serialisable. */
export interface MetaRecord {
  readonly id: string
  readonly value: unknown
}
