import type { ConversationState } from '../chat-client/conversation-state.js'
import type { ChatMessage } from '../messages/message.js'
import type { ChatStorage, StorageChange, StoredMessage } from '../persistence/storage.js'

/** How a message is kept. `position` orders the messages of a conversation by time of creation. */
export function storedMessage(conversationId: string, message: ChatMessage): StoredMessage {
  const { error: _error, ...kept } = message
  return { ...kept, conversationId, position: message.createdAt }
}

/** A message exactly as an earlier page left it. */
export function keptMessage(stored: StoredMessage): ChatMessage {
  const { conversationId: _conversationId, position: _position, ...kept } = stored
  return { ...kept, error: null }
}

/** The same as it is to go on from. What was on its way then is not any more, unless something takes it up again. */
export function restoredMessage(stored: StoredMessage): ChatMessage {
  const { status } = stored
  return { ...keptMessage(stored), status: status === 'sending' || status === 'queued' ? 'failed' : status }
}

/** What keeps a conversation together with the messages named, of those that it has. */
export function changesFor(
  { id, title, createdAt, tree }: ConversationState,
  messages: readonly (string | null)[],
  now: number,
): StorageChange[] {
  return [
    { put: 'conversations', record: { id, title, createdAt, updatedAt: now } },
    ...messages.flatMap((messageId): StorageChange[] => {
      const message = tree.get(messageId ?? '')
      return message ? [{ put: 'messages', record: storedMessage(id, message) }] : []
    }),
  ]
}

/** Puts what storage has of a conversation into its tree; what is there already is newer and stays. */
export async function loadFromStorage(storage: ChatStorage, conversation: ConversationState): Promise<void> {
  const stored = await storage.get('conversations', conversation.id)
  conversation.title ||= stored?.title ?? ''
  conversation.createdAt = stored?.createdAt ?? conversation.createdAt
  for (const message of await storage.messagesOf(conversation.id)) {
    if (!conversation.tree.get(message.id)) conversation.tree.put(restoredMessage(message))
  }
}
