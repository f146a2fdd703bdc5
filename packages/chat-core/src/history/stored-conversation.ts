import type { ClientCore } from '../chat-client/client-core.js'
import type { ConversationState } from '../chat-client/conversation-state.js'
import { newTurn, type Turn } from '../chat-client/turn.js'
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

/** The same as it is to go on from. What was on its way then is not any more, unless a part has it to be asked again. */
function restoredMessage(stored: StoredMessage, isAwaited: boolean): ChatMessage {
  const { status } = stored
  const isLost = !isAwaited && (status === 'sending' || status === 'queued')
  return { ...keptMessage(stored), status: isLost ? 'failed' : status }
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
      const message = tree.get(messageId)
      return message ? [{ put: 'messages', record: storedMessage(id, message) }] : []
    }),
  ]
}

/** A turn that reads a run of the server from its beginning; the text that is shown stays until it is caught up with. */
export function attachingTurn(runId: string, answerId: string): Turn {
  const turn = newTurn(runId, answerId, null, null)
  turn.progress.acknowledged = true
  return turn
}

/** It is shown as on its way, and is not from here. */
export const isLeftOver = ({ turns }: ConversationState, { id, status }: ChatMessage): boolean =>
  (status === 'sending' || status === 'queued') &&
  !turns.some(({ questionId, answerId }) => questionId === id || answerId === id)

/**
 * Puts what storage has of a conversation into its tree; what is there already is newer and stays, unless it is left over. An answer that was being made when
 * an earlier page heard of it last is taken to be so still: a turn is kept ready that reads it on, or stops it.
 */
export async function loadFromStorage(
  { hooks }: ClientCore,
  storage: ChatStorage,
  conversation: ConversationState,
): Promise<void> {
  const { id, tree, parked } = conversation
  const stored = await storage.get('conversations', id)
  conversation.title ||= stored?.title ?? ''
  conversation.createdAt = stored?.createdAt ?? conversation.createdAt
  const awaited = (await Promise.all(hooks.map(async (hook) => hook.awaited?.() ?? []))).flat()
  for (const message of await storage.messagesOf(id)) {
    const known = tree.get(message.id)
    if (known && !isLeftOver(conversation, known)) continue
    tree.put(restoredMessage(message, awaited.includes(message.id)))
    const { status, runId } = message
    if (status === 'streaming' && runId !== null) parked.set(message.id, attachingTurn(runId, message.id))
  }
}
