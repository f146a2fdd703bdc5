import type { ClientState } from '../chat-client/client-core.js'
import type { ConversationSummary } from '../messages/conversation.js'

export const newestFirst = (conversations: readonly ConversationSummary[]): ConversationSummary[] =>
  conversations.toSorted((a, b) => b.updatedAt - a.updatedAt)

export const without = (id: string, { conversations }: ClientState): ConversationSummary[] =>
  conversations.filter((conversation) => conversation.id !== id)
