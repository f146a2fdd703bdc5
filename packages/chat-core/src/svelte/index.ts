/**
 * The snapshot of a client as a Svelte store.
 * @module
 */
import type { ChatClient, ChatSnapshot } from '../chat-client/chat-client.js'
import type { Release } from '../platform/platform.js'

/** Svelte's contract of a store that is only read, so that nothing of Svelte is needed here. */
export interface ChatStore {
  /** Calls `run` at once and after changes, at most once per frame. Returns the way to unsubscribe. */
  subscribe(run: (snapshot: ChatSnapshot) => void): Release
}

/**
 * The state of a chat as a Svelte store. Components read it as `$chat`; the client itself is destroyed by whoever made it.
 *
 * @example
 * const chat = chatStore(client)
 * // {#each $chat.messages as message (message.id)}
 */
export const chatStore = (client: ChatClient): ChatStore => ({
  subscribe(run) {
    run(client.getSnapshot())
    return client.subscribe(() => run(client.getSnapshot()))
  },
})
