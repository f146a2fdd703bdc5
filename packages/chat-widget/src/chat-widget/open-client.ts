import { createChatClient, type ChatClient } from '@colloquy/chat-core'
import { createFeedback, type Feedback } from '@colloquy/chat-core/feedback'
import { createHistory, sharedStorage, type ChatStorage, type History } from '@colloquy/chat-core/history'
import { createIdentity, type Identity } from '@colloquy/chat-core/identity'
import { createOutbox } from '@colloquy/chat-core/outbox'
import { createPageContext, type PageContextPart } from '@colloquy/chat-core/page-context'
import { createTabs } from '@colloquy/chat-core/tabs'
import { createVersions, type Versions } from '@colloquy/chat-core/versions'
import { pacedPlatform } from '../platform/paced-platform.js'

export interface ClientSettings {
  readonly proxy: string
  readonly publishableKey: string
  /** Of what is kept in this browser; tabs with the same one stay in step. */
  readonly name: string
  readonly storage: ChatStorage
  /** So many things were found in this browser that are no history; they are gone now. */
  readonly onBrokenRecords: (count: number) => void
  /** History cannot be kept in this browser. Called at most once. */
  readonly onStorageFailure: (reason: unknown) => void
}

/** The chat client of a widget, with the parts that its user interface is about. */
export type WidgetClient = ChatClient & {
  readonly history: History
  readonly versions: Versions
  readonly feedback: Feedback
  readonly identity: Identity
  readonly pageContext: PageContextPart
}

/** So much is kept in a browser; the server has the rest. */
const BOUNDS = { conversations: 200, messages: 1_000 }

/** The chat client that a widget makes: history in the browser's database, in step with other tabs, nothing unsent lost. */
export function openClient(settings: ClientSettings): WidgetClient {
  const { proxy, publishableKey, name, onStorageFailure, onBrokenRecords } = settings
  const storage = sharedStorage(settings.storage)
  return createChatClient({
    baseUrl: proxy,
    ...(publishableKey === '' ? {} : { publishableKey }),
    platform: pacedPlatform(),
    parts: {
      // The first: it wipes what another user left before the others keep what is new.
      identity: createIdentity(),
      history: createHistory({ storage, bounds: BOUNDS, onStorageFailure, onBrokenRecords }),
      versions: createVersions(),
      feedback: createFeedback(),
      pageContext: createPageContext(),
      outbox: createOutbox({ storage }),
      tabs: createTabs({ name }),
    },
  })
}
