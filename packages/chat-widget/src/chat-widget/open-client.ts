import { createChatClient, type ChatClient } from '@colloquy/chat-core'
import { createHistory, type History } from '@colloquy/chat-core/history'
import { createOutbox } from '@colloquy/chat-core/outbox'
import { createTabs } from '@colloquy/chat-core/tabs'
import { createVersions, type Versions } from '@colloquy/chat-core/versions'
import { pacedPlatform } from '../platform/paced-platform.js'
import { createIndexedDbStorage } from '../storage/indexeddb-storage.js'
import { databaseName } from '../storage/database-name.js'

export interface ClientSettings {
  readonly proxy: string
  readonly publishableKey: string
  /** History cannot be kept in this browser. Called at most once. */
  readonly onStorageFailure: (reason: unknown) => void
}

/** The chat client of a widget, with the parts that its user interface is about. */
export type WidgetClient = ChatClient & { readonly history: History; readonly versions: Versions }

/** The chat client that a widget makes: history in the browser's database, in step with other tabs, nothing unsent lost. */
export function openClient({ proxy, publishableKey, onStorageFailure }: ClientSettings): WidgetClient {
  const name = databaseName(proxy, publishableKey)
  const storage = createIndexedDbStorage(name)
  return createChatClient({
    baseUrl: proxy,
    ...(publishableKey === '' ? {} : { publishableKey }),
    platform: pacedPlatform(),
    parts: {
      history: createHistory({ storage, onStorageFailure }),
      versions: createVersions(),
      outbox: createOutbox({ storage }),
      tabs: createTabs({ name }),
    },
  })
}
