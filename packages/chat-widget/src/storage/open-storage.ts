import type { ChatStorage } from '@colloquy/chat-core/history'
import { createIndexedDbStorage } from './indexeddb-storage.js'

/**
 * Where a widget keeps history: in the clear, or with a key sealed in a database of its own; then what lay in the clear is deleted.
 * @param name of the database in the clear
 */
export function openStorage(name: string, key: CryptoKey | null): ChatStorage {
  if (!key) return createIndexedDbStorage(name)
  const sealed = import('./sealed-storage.js').then(({ sealedStorage }) => {
    indexedDB.deleteDatabase(name)
    return sealedStorage(createIndexedDbStorage(`${name} (sealed)`), key)
  })
  // Each use is told when its code does not come, or the browser gives no database.
  sealed.catch(() => {})
  return {
    get: async (collection, id) => (await sealed).get(collection, id),
    list: async (collection) => (await sealed).list(collection),
    messagesOf: async (conversationId) => (await sealed).messagesOf(conversationId),
    write: async (changes) => (await sealed).write(changes),
  }
}
