import { openConversation, type ClientCore } from '../chat-client/client-core.js'
import { without } from './conversation-list.js'
import { ChatError } from '../errors/chat-error.js'

/** Lets go of a conversation that was deleted, here or in another tab. */
export function dropConversation(core: ClientCore, id: string): void {
  const { state, store } = core
  state.conversations = without(id, state)
  state.held.get(id)?.life.abort(new ChatError('aborted', 'The chat ended.'))
  state.held.delete(id)
  if (state.open?.id === id) openConversation(core, null)
  store.show()
}
