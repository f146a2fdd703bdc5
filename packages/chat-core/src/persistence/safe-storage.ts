import type { Platform, Release } from '../platform/platform.js'
import { createMemoryStorage } from './memory-storage.js'
import type { ChatStorage } from './storage.js'

/** Longest wait for one answer of a storage, in milliseconds. A database that another page blocks never answers at all. */
const LIMIT_MS = 5_000

/**
 * Storage that never rejects and never hangs. At the first failure it tells `onFailure` and goes on in memory, so that a full
 * disk, a private window or a blocked database costs history and not the chat. Clearing is tried on the storage itself, which is
 * used again from then on; when it still fails, that is told again.
 */
export function safeStorage(
  platform: Pick<Platform, 'after' | 'now'>,
  storage: ChatStorage,
  onFailure?: (error: unknown) => void,
): ChatStorage {
  let active = storage
  async function attempt<T>(use: (storage: ChatStorage) => Promise<T>): Promise<T> {
    const used = active
    let release: Release | undefined
    try {
      return await new Promise<T>((resolve, reject) => {
        function wait(): void {
          const began = platform.now()
          release = platform.after(LIMIT_MS, () => {
            // A page that slept meanwhile could not hear the answer, which may come right behind this timer.
            if (platform.now() - began > LIMIT_MS * 2) wait()
            else reject(new Error('The storage is silent.'))
          })
        }
        wait()
        use(used).then(resolve, reject)
      })
    } catch (error) {
      if (active === used) {
        active = createMemoryStorage()
        onFailure?.(error)
      }
      return use(active)
    } finally {
      release?.()
    }
  }
  return {
    get: (collection, id) => attempt((used) => used.get(collection, id)),
    list: (collection) => attempt((used) => used.list(collection)),
    messagesOf: (conversationId) => attempt((used) => used.messagesOf(conversationId)),
    write(changes) {
      // Also of what was kept before the failure nothing may stay.
      if (changes.some((change) => 'clear' in change)) active = storage
      return attempt((used) => used.write(changes))
    },
  }
}
