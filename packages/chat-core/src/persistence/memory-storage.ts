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
    clear: async () => Object.values(tables).forEach((table) => table.clear()),
  }
}

const messagesOf = (tables: Tables, conversationId: string): StoredMessage[] =>
  [...tables.messages.values()]
    .filter((message) => message.conversationId === conversationId)
    .toSorted((a, b) => a.position - b.position)

function apply(tables: Tables, change: StorageChange): void {
  if ('put' in change) put(tables, change)
  else if ('remove' in change) tables[change.remove].delete(change.id)
  else {
    tables.conversations.delete(change.removeConversation)
    for (const { id } of messagesOf(tables, change.removeConversation)) tables.messages.delete(id)
  }
}

function put(tables: Tables, change: Extract<StorageChange, { put: CollectionName }>): void {
  switch (change.put) {
    case 'conversations':
      tables.conversations.set(change.record.id, change.record)
      break
    case 'messages':
      tables.messages.set(change.record.id, change.record)
      break
    case 'outbox':
      tables.outbox.set(change.record.id, change.record)
      break
    case 'meta':
      tables.meta.set(change.record.id, change.record)
      break
  }
}
