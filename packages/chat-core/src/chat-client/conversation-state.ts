import type { ChatError } from '../errors/chat-error.js'
import { MessageTree } from '../messages/message-tree.js'
import type { Turn } from './turn.js'

/** One conversation as this client holds it. Mutable; the snapshot is made from it. */
export interface ConversationState {
  readonly id: string
  readonly tree: MessageTree
  createdAt: number
  title: string
  /** The server has it, so it need not be created before a message is sent. */
  onServer: boolean
  /** The answer under way, and those that wait for the one before. The last of the list is the newest. */
  turns: readonly Turn[]
  /** Resolves when every turn that was given has ended. */
  ended: Promise<unknown>
  /** Turns whose run went on on the server when contact was lost, by answer; a retry reads on instead of asking anew. */
  readonly parked: Map<string, Turn>
  error: ChatError | null
  /** Aborts when the client lets go of the conversation for good: whoever it belongs to has gone, or it was deleted. */
  readonly life: AbortController
}

export const newConversationState = (id: string, createdAt: number): ConversationState => ({
  id,
  tree: new MessageTree(),
  createdAt,
  title: '',
  onServer: false,
  turns: [],
  ended: Promise.resolve(),
  parked: new Map(),
  error: null,
  life: new AbortController(),
})
