import type { ChatStorage, CollectionName, Collections, StorageChange, StoredMessage } from './storage.js'

type Tables = { [C in CollectionName]: Map<string, Collections[C]> }

/** Keeps everything until the page is closed. The default, and what an adapter may fall back to. */
export function createMemoryStorage(): ChatStorage {
  const tables: Tables = { conversations: new Map(), messages: new Map(), outbox: new Map(), meta: new Map() }
  return {
    get: async (collection, id) => tables[collection].get(id),
    list: async (collection) => [...tables[collection].values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    messagesOf: async (conversationId) => messagesOf(tables, conversationId),
    write: async (changes) => changes.forEach((change) => apply(tables, change)),
  }
}

const messagesOf = (tables: Tables, conversationId: string): StoredMessage[] =>
  [...tables.messages.values()]
    .filter((message) => message.conversationId === conversationId)
    .toSorted((a, b) => a.position - b.position)

function apply(tables: Tables, change: StorageChange): void {
  // A record is of the collection that its change names; the compiler does not see that the two go together.
  if ('put' in change) tables[change.put].set(change.record.id, change.record as never)
  else if ('remove' in change) tables[change.remove].delete(change.id)
  else if ('clear' in change) Object.values(tables).forEach((table) => table.clear())
  else if ('require' in change) {
    if (!tables[change.require].has(change.id)) throw new Error('It is gone.')
  } else {
    tables.conversations.delete(change.removeConversation)
    for (const { id } of messagesOf(tables, change.removeConversation)) tables.messages.delete(id)
  }
}
