import { ChatStorageEvent } from '../events/events.js'
import { parseProxy } from '../settings/parse.js'
import { warnOnce } from '../settings/warn.js'
import { databaseName } from '../storage/database-name.js'
import { openClient, type WidgetClient } from './open-client.js'

/** What the site says about where to chat, as it stands on the element. */
interface Settings {
  readonly proxy: string
  readonly publishableKey: string
}

const proxyOf = ({ proxy }: Settings): string => parseProxy(proxy, document.baseURI)

/** The client that an element makes for itself. */
export const ownClient = (element: Settings & EventTarget): WidgetClient =>
  openClient({
    proxy: proxyOf(element),
    publishableKey: element.publishableKey,
    onStorageFailure: (reason) => {
      warnOnce('history cannot be kept in this browser; it ends with the page.')
      element.dispatchEvent(new ChatStorageEvent({ reason }))
    },
  })

/** Under which name it keeps something in this browser. */
export const storageName = (element: Settings): string =>
  databaseName(proxyOf(element), element.publishableKey)
