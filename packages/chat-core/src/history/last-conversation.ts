import type { ChatMessage } from '../messages/message.js'
import { MessageTree } from '../messages/message-tree.js'
import type { ChatStorage } from '../persistence/storage.js'
import { OPEN } from './kept-values.js'
import { isSoundMessage } from './sound-records.js'
import { keptMessage } from './stored-conversation.js'

/** A conversation as it can be shown while no client is there yet. */
export interface LastConversation {
  readonly conversationId: string
  /** The open branch, first to last. */
  readonly messages: readonly ChatMessage[]
}

/**
 * What an earlier page left open, read from storage alone: a user interface can show it while the client's code is still on its way.
 * @returns null when nothing was open
 * @throws what storage throws
 */
export async function lastConversation(storage: ChatStorage): Promise<LastConversation | null> {
  const id = (await storage.get('meta', OPEN))?.value
  if (typeof id !== 'string') return null
  const tree = new MessageTree()
  for (const message of await storage.messagesOf(id))
    if (isSoundMessage(message)) tree.put(keptMessage(message))
  return { conversationId: id, messages: tree.path() }
}
