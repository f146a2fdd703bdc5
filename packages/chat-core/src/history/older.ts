import type { ClientCore } from '../chat-client/client-core.js'
import type { ConversationDetail } from '../protocol/index.js'
import { messageFromWire } from './from-wire.js'
import { request } from '../chat-client/request.js'

/** Puts the messages before the first of the open conversation into its tree. They are not kept: storage has the newest. */
export async function older(core: ClientCore): Promise<void> {
  const conversation = core.state.open
  const first = conversation?.tree.path()[0]
  if (!conversation || !first?.parentId) return
  const { id, tree } = conversation
  const detail = await request<ConversationDetail>(
    core,
    'GET',
    `/conversations/${id}?limit=100&before=${first.id}`,
  )
  // The page has gone on, perhaps to another person.
  if (!detail || core.state.held.get(id) !== conversation) return
  const newest = tree.last()
  for (const wire of detail.messages) if (!tree.get(wire.id)) tree.put(messageFromWire(wire))
  // What comes is another version of nothing that is open.
  if (newest) tree.open(newest.id)
  core.store.show()
}
