import type { ConversationState } from '../chat-client/conversation-state.js'
import { newestFirst } from './conversation-list.js'
import type { ChatStorage, StorageChange } from '../persistence/storage.js'

/** How much is kept in storage: the newest of each. What a server keeps can be had from there again. */
export interface HistoryBounds {
  /** How many, in all. */
  readonly conversations: number
  /** How many of each conversation. */
  readonly messages: number
}

/**
 * Takes from storage what is too much: the oldest messages of the open conversation, and the conversations that were used the
 * longest time ago. The open one and those with unsent questions stay.
 */
export async function trim(
  storage: ChatStorage,
  open: ConversationState | null,
  bounds: HistoryBounds,
): Promise<void> {
  await storage.write([
    ...(open ? await oldMessages(storage, open.id, bounds.messages) : []),
    ...(await oldConversations(storage, open?.id, bounds.conversations)),
  ])
}

async function oldMessages(storage: ChatStorage, id: string, most: number): Promise<StorageChange[]> {
  const kept = await storage.messagesOf(id)
  return kept
    .toReversed()
    .slice(most)
    .map((message) => ({ remove: 'messages', id: message.id }))
}

async function oldConversations(
  storage: ChatStorage,
  open: string | undefined,
  most: number,
): Promise<StorageChange[]> {
  const unsent = (await storage.list('outbox')).map(({ question }) => question.conversationId)
  const needed = new Set([open, ...unsent])
  return newestFirst(await storage.list('conversations'))
    .slice(most)
    .filter(({ id }) => !needed.has(id))
    .map(({ id }) => ({ removeConversation: id }))
}
