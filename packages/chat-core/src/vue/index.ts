/**
 * The snapshot of a client in a Vue component.
 * @module
 */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { ChatClient, ChatSnapshot } from '../chat-client/chat-client.js'

/**
 * The state of a chat as a ref, for a component's `setup` or any other effect scope; it follows the chat until the scope
 * ends. The client itself is destroyed by whoever made it.
 *
 * @example
 * const chat = useChatSnapshot(client)
 * const last = computed(() => chat.value.messages.at(-1))
 */
export function useChatSnapshot(client: ChatClient): Readonly<ShallowRef<ChatSnapshot>> {
  const snapshot = shallowRef(client.getSnapshot())
  onScopeDispose(
    client.subscribe(() => {
      snapshot.value = client.getSnapshot()
    }),
  )
  return snapshot
}
