import { createMemoryStorage } from './memory-storage.js'
import type { ChatStorage } from './storage.js'

/**
 * Storage that never rejects. At the first failure it tells `onFailure`, once, and goes on in memory, so that a full
 * disk or a private window costs history and not the chat.
 */
export function safeStorage(storage: ChatStorage, onFailure?: (error: unknown) => void): ChatStorage {
  let active = storage
  async function attempt<T>(use: (storage: ChatStorage) => Promise<T>): Promise<T> {
    const used = active
    try {
      return await use(used)
    } catch (error) {
      if (active === used) {
        active = createMemoryStorage()
        onFailure?.(error)
      }
      return use(active)
    }
  }
  return {
    get: (collection, id) => attempt((used) => used.get(collection, id)),
    list: (collection) => attempt((used) => used.list(collection)),
    messagesOf: (conversationId) => attempt((used) => used.messagesOf(conversationId)),
    write: (changes) => attempt((used) => used.write(changes)),
    clear: () => attempt((used) => used.clear()),
  }
}
