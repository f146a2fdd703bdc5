/**
 * Conversations that are listed, searched, opened, renamed and deleted, and the storage that keeps them over a reload.
 * @module
 */
export type { HistoryBounds } from './bounds.js'
export { createHistory, type HistoryOptions } from './create-history.js'
export type { History } from './history.js'
export { lastConversation, type LastConversation } from './last-conversation.js'
export { createMemoryStorage } from '../persistence/memory-storage.js'
export { sharedStorage } from '../persistence/shared-storage.js'
export { createWebStorage } from '../persistence/web-storage.js'
export type {
  ChatStorage,
  CollectionName,
  Collections,
  MetaRecord,
  OutboxEntry,
  StorageChange,
  StoredConversation,
  StoredMessage,
} from '../persistence/storage.js'
