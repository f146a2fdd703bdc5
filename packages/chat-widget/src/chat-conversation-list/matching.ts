import type { ConversationSummary } from '@colloquy/chat-core'

/** What the server found, which looks into messages too. */
export interface Found {
  readonly query: string
  readonly conversations: readonly ConversationSummary[]
}

/**
 * The conversations that a search is about: those whose titles have all its words, and, once the server has answered, those that it
 * found in messages. What is known of a conversation here is newer than what was found.
 */
export function matching(
  conversations: readonly ConversationSummary[],
  search: string,
  found: Found | null,
): readonly ConversationSummary[] {
  const query = search.trim()
  if (query === '') return conversations
  const words = query.toLowerCase().split(/\s+/)
  const byTitle = conversations.filter(({ title }) =>
    words.every((word) => title.toLowerCase().includes(word)),
  )
  if (found?.query !== query) return byTitle
  const known = new Map(conversations.map((conversation) => [conversation.id, conversation]))
  const byServer = found.conversations.map((conversation) => known.get(conversation.id) ?? conversation)
  const all = new Map([...byTitle, ...byServer].map((conversation) => [conversation.id, conversation]))
  return [...all.values()].toSorted((a, b) => b.updatedAt - a.updatedAt)
}
