import type { ChatStorage, StorageChange } from '../persistence/storage.js'
import { isSoundConversation, isSoundMessage } from './sound-records.js'

/** Storage that hands out sound records alone. What is broken is removed, and `onBroken` told of it, once for each reading. */
export function soundStorage(storage: ChatStorage, onBroken?: (records: number) => void): ChatStorage {
  function dropped(changes: StorageChange[]): void {
    if (changes.length === 0) return
    onBroken?.(changes.length)
    // What cannot be removed is not handed out the next time either.
    storage.write(changes).catch(() => undefined)
  }
  return {
    ...storage,
    async messagesOf(conversationId) {
      const found = await storage.messagesOf(conversationId)
      dropped(found.filter((each) => !isSoundMessage(each)).map(({ id }) => ({ remove: 'messages', id })))
      return found.filter(isSoundMessage)
    },
    async get(collection, id) {
      const found = await storage.get(collection, id)
      if (collection !== 'conversations' || found === undefined || isSoundConversation(found)) return found
      dropped([{ remove: collection, id }])
      return undefined
    },
    async list(collection) {
      const found = await storage.list(collection)
      if (collection !== 'conversations') return found
      const broken = found.filter((each) => !isSoundConversation(each))
      dropped(broken.map(({ id }) => ({ remove: collection, id })))
      return found.filter((each) => !broken.includes(each))
    },
  }
}
