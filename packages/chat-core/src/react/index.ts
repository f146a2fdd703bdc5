/**
 * The snapshot of a client in a React component.
 * @module
 */

import { useCallback, useSyncExternalStore } from 'react'
import type { ChatClient, ChatSnapshot } from '../chat-client/chat-client.js'
import { EMPTY_SNAPSHOT } from '../chat-client/empty-snapshot.js'

/**
 * The state of a chat in a React component, which renders again when it changes: at most once per frame.
 *
 * @param client lives outside of the component, or in a `useState`, and is destroyed by whoever made it
 * @param select the piece that this component needs; it renders again only when that piece is another one (`Object.is`).
 *   So it returns something of the snapshot, or a number or text made of it, and no new object.
 *
 * @example
 * const messages = useChatSnapshot(client, ({ messages }) => messages)
 */
export function useChatSnapshot(client: ChatClient): ChatSnapshot
export function useChatSnapshot<T>(client: ChatClient, select: (snapshot: ChatSnapshot) => T): T
export function useChatSnapshot(
  client: ChatClient,
  select: (snapshot: ChatSnapshot) => unknown = (snapshot) => snapshot,
): unknown {
  const subscribe = useCallback((listener: () => void) => client.subscribe(listener), [client])
  // A page made on the server shows an empty chat, and so does its first render in the browser.
  return useSyncExternalStore(
    subscribe,
    () => select(client.getSnapshot()),
    () => select(EMPTY_SNAPSHOT),
  )
}
