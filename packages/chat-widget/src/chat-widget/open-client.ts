import { createChatClient, type ChatClient } from '@colloquy/chat-core'
import { createOutbox } from '@colloquy/chat-core/outbox'
import { createTabs } from '@colloquy/chat-core/tabs'
import { createIndexedDbStorage } from '../storage/indexeddb-storage.js'
import { databaseName } from '../storage/database-name.js'

export interface ClientSettings {
  readonly proxy: string
  readonly publishableKey: string
  /** History cannot be kept in this browser. Called at most once. */
  readonly onStorageFailure: (reason: unknown) => void
}

/** The chat client of one widget: history in the browser's database, in step with other tabs, nothing unsent lost. */
export function openClient({ proxy, publishableKey, onStorageFailure }: ClientSettings): ChatClient {
  const name = databaseName(proxy, publishableKey)
  return createChatClient({
    baseUrl: proxy,
    ...(publishableKey === '' ? {} : { publishableKey }),
    storage: createIndexedDbStorage(name),
    tabs: createTabs({ name }),
    outbox: createOutbox,
    onStorageFailure,
  })
}
