import { lastConversation } from '@colloquy/chat-core/history'
import type { ClientInTheMaking } from '../controllers/chat-controller.js'
import { ChatStorageEvent } from '../events/events.js'
import { parseProxy } from '../settings/parse.js'
import { warnOnce } from '../settings/warn.js'
import { databaseName } from '../storage/database-name.js'
import { openStorage } from '../storage/open-storage.js'
import type { ClientSettings } from './open-client.js'

/** What the site says about where to chat, as it stands on the element. */
interface Settings {
  readonly proxy: string
  readonly publishableKey: string
  readonly historyKey: CryptoKey | null
}

/** The settings that make another client. */
export const CONNECTING = ['proxy', 'publishableKey', 'historyKey', 'client'] as const

const proxyOf = ({ proxy }: Pick<Settings, 'proxy'>): string => parseProxy(proxy, document.baseURI)

/**
 * The client that an element makes for itself. Its code comes behind the element's own: history needs none of it to be seen.
 * @param showsCached what an earlier page left may be shown before the client knows who this is
 */
export function ownClient(element: Settings & EventTarget, showsCached: boolean): ClientInTheMaking {
  const name = storageName(element)
  const storage = openStorage(name, element.historyKey)
  const settings: ClientSettings = {
    proxy: proxyOf(element),
    publishableKey: element.publishableKey,
    name,
    storage,
    onBrokenRecords(count) {
      const words = `${count} broken records of history were removed.`
      warnOnce(words)
      element.dispatchEvent(new ChatStorageEvent({ reason: new Error(words) }))
    },
    onStorageFailure(reason) {
      warnOnce('history cannot be kept in this browser.')
      element.dispatchEvent(new ChatStorageEvent({ reason }))
    },
  }
  return {
    client: import('./open-client.js').then(({ openClient }) => openClient(settings)),
    cached: showsCached ? lastConversation(storage) : Promise.resolve(null),
  }
}

/** Under which name it keeps something in this browser. */
export const storageName = (element: Omit<Settings, 'historyKey'>): string =>
  databaseName(proxyOf(element), element.publishableKey)
