import type { Platform } from '../platform/platform.js'
import { createMemoryStorage } from './memory-storage.js'
import type { ChatStorage } from './storage.js'

/** Longest wait for one answer of a storage, in milliseconds. A database that another page blocks never answers at all. */
const LIMIT_MS = 5_000

/**
 * Storage that never rejects and never hangs. At the first failure it tells `onFailure`, once, and goes on in memory, so
 * that a full disk, a private window or a blocked database costs history and not the chat.
 */
export function safeStorage(
  platform: Pick<Platform, 'after'>,
  storage: ChatStorage,
  onFailure?: (error: unknown) => void,
): ChatStorage {
  let active = storage
  async function attempt<T>(use: (storage: ChatStorage) => Promise<T>): Promise<T> {
    const used = active
    let release = (): void => {}
    const limit = new Promise<never>((_resolve, reject) => {
      release = platform.after(LIMIT_MS, () => reject(new Error('The storage does not answer.')))
    })
    try {
      return await Promise.race([use(used), limit])
    } catch (error) {
      if (active === used) {
        active = createMemoryStorage()
        onFailure?.(error)
      }
      return use(active)
    } finally {
      release()
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
