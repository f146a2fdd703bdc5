import type { ChatError } from '../errors/chat-error.js'
import type { ChatMessage } from '../messages/message.js'
import { MessageTree } from '../messages/message-tree.js'
import type { StoredMessage } from '../persistence/storage.js'
import type { Turn } from './turn.js'

/** One conversation as this client holds it. Mutable; the snapshot is made from it. */
export interface ConversationState {
  readonly id: string
  readonly tree: MessageTree
  createdAt: number
  title: string
  /** The server has it, so it need not be created before a message is sent. */
  onServer: boolean
  /** A version other than the newest was chosen, so the next question must name what it follows. */
  switched: boolean
  /** The answer under way, or waiting for the one before it. The last of the list is the newest. */
  turns: readonly Turn[]
  error: ChatError | null
}

export const newConversationState = (id: string, createdAt: number): ConversationState => ({
  id,
  tree: new MessageTree(),
  createdAt,
  title: '',
  onServer: false,
  switched: false,
  turns: [],
  error: null,
})

/** How a message is kept. `position` orders the messages of a conversation by time of creation. */
export const storedMessage = (conversationId: string, message: ChatMessage): StoredMessage => ({
  id: message.id,
  conversationId,
  position: message.createdAt,
  role: message.role,
  content: message.content,
  status: message.status,
  createdAt: message.createdAt,
  parentId: message.parentId,
  runId: message.runId,
})

/** A message as an earlier page left it. What was on its way then is not any more, unless something takes it up again. */
export const restoredMessage = (stored: StoredMessage): ChatMessage => ({
  id: stored.id,
  role: stored.role,
  content: stored.content,
  status: stored.status === 'sending' || stored.status === 'queued' ? 'failed' : stored.status,
  createdAt: stored.createdAt,
  parentId: stored.parentId,
  runId: stored.runId,
  error: null,
})
