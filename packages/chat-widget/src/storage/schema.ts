import type { Collections, StoredMessage } from '@colloquy/chat-core/history'
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'

/** What is in the browser's database, as idb wants it told. */
export interface ChatDatabase extends DBSchema {
  conversations: { key: string; value: Collections['conversations'] }
  messages: {
    key: string
    value: StoredMessage
    indexes: { 'by-conversation': [conversationId: string, position: number] }
  }
  outbox: { key: string; value: Collections['outbox'] }
  meta: { key: string; value: Collections['meta'] }
}

export type UpgradeTransaction = IDBPTransaction<ChatDatabase, StoreNames<ChatDatabase>[], 'versionchange'>

/** Brings a database from one version to the next. Runs once in each browser; never change one that was released. */
export type Migration = (database: IDBPDatabase<ChatDatabase>, transaction: UpgradeTransaction) => void

/** The schema's version is the number of migrations. */
export const MIGRATIONS: readonly Migration[] = [
  function createStores(database) {
    database.createObjectStore('conversations', { keyPath: 'id' })
    const messages = database.createObjectStore('messages', { keyPath: 'id' })
    messages.createIndex('by-conversation', ['conversationId', 'position'])
    database.createObjectStore('outbox', { keyPath: 'id' })
    database.createObjectStore('meta', { keyPath: 'id' })
  },
]
