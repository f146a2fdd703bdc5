import { createChatClient, type ChatClient } from '@colloquy/chat-core'
import { createIndexedDbStorage } from '../storage/indexeddb-storage.js'
import { databaseName } from '../storage/database-name.js'

export interface ClientSettings {
  readonly proxy: string
  readonly publishableKey: string
  /** History cannot be kept in this browser. Called at most once. */
  readonly onStorageFailure: (reason: unknown) => void
}

/** The chat client of one widget, with its history in the browser's database. */
export function openClient({ proxy, publishableKey, onStorageFailure }: ClientSettings): ChatClient {
  return createChatClient({
    baseUrl: proxy,
    ...(publishableKey === '' ? {} : { publishableKey }),
    storage: createIndexedDbStorage(databaseName(proxy, publishableKey)),
    onStorageFailure,
  })
}
