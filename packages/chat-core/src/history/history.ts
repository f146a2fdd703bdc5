import type { ConversationSummary } from '../messages/conversation.js'

/** The caller's conversations. */
export interface History {
  /** Fetches the list of conversations into the snapshot. A failure is `snapshot.error`. */
  list(): Promise<void>
  /**
   * The conversations that have all words of `query` in the title or in one message, last changed first, at most 100.
   * @throws ChatError when the server refuses or cannot be reached
   */
  search(query: string): Promise<readonly ConversationSummary[]>
  /** Opens a conversation: what storage has at once, then what the server says. A failure is `snapshot.error`. */
  open(id: string): Promise<void>
  /**
   * Fetches the messages before the first of the open conversation, as far as there are any: none stand before one whose `parentId` is
   * null. @throws ChatError when the server refuses or cannot be reached
   */
  older(): Promise<void>
  /** Gives a conversation another title. @throws ChatError `protocol` for what is no id; when the server refuses or cannot be reached */
  rename(id: string, title: string): Promise<void>
  /** Deletes on the server and in storage. @throws ChatError when the server refuses or cannot be reached */
  remove(id: string): Promise<void>
  /** Brings a deleted conversation back, as it was. @throws ChatError when it is gone for good, or the server cannot be reached */
  restore(id: string): Promise<void>
}
