import type { ChatStorage, CollectionName, Collections, StorageChange } from '../persistence/storage.js'
import { isSoundConversation, isSoundEntry, isSoundMessage } from './sound-records.js'

const CHECKS: { readonly [C in CollectionName]: (record: unknown) => boolean } = {
  conversations: isSoundConversation,
  messages: isSoundMessage,
  outbox: isSoundEntry,
  // Whoever reads a value checks it.
  meta: () => true,
}

/** Safe storage that hands out sound records alone. What is broken is removed, and `onBroken` told of it, once for each reading. */
export function soundStorage(storage: ChatStorage, onBroken?: (records: number) => void): ChatStorage {
  function soundOf<C extends CollectionName>(collection: C, found: Collections[C][]): Collections[C][] {
    const broken = found.filter((record) => !CHECKS[collection](record))
    if (broken.length === 0) return found
    onBroken?.(broken.length)
    void storage.write(broken.map(({ id }): StorageChange => ({ remove: collection, id })))
    return found.filter((record) => !broken.includes(record))
  }
  return {
    ...storage,
    messagesOf: async (conversationId) => soundOf('messages', await storage.messagesOf(conversationId)),
    async get(collection, id) {
      const found = await storage.get(collection, id)
      return found && soundOf(collection, [found])[0]
    },
    list: async (collection) => soundOf(collection, await storage.list(collection)),
  }
}
