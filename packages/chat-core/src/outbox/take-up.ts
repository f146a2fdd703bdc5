import { heldConversation, type ClientCore } from '../chat-client/client-core.js'
import type { ConversationState } from '../chat-client/conversation-state.js'
import { runTurn } from '../chat-client/run-turn.js'
import { isPlaced, newTurn } from '../chat-client/turn.js'
import { parkInterrupted } from '../history/reconcile.js'
import { loadFromStorage, restoredMessage } from '../history/stored-conversation.js'
import type { MessageTree } from '../messages/message-tree.js'
import type { ChatStorage, OutboxEntry } from '../persistence/storage.js'

/** Asks once more, in their order, what was asked before and is not known to have arrived. */
export async function takeUpAll(core: ClientCore, storage: ChatStorage): Promise<void> {
  const entries = await storage.list('outbox')
  entries.sort((a, b) => a.question.position - b.question.position)
  for (const entry of entries) await takeUp(core, storage, entry)
}

async function takeUp(core: ClientCore, storage: ChatStorage, entry: OutboxEntry): Promise<void> {
  const { id, question, answer, body } = entry
  const conversation = await load(core, storage, question.conversationId)
  const { tree } = conversation
  const status = tree.get(answer.id)?.status ?? 'failed'
  // `stopped` may mean that it was stopped here and asked again; where the server has stopped it, asking attaches to its end.
  if (status !== 'failed' && status !== 'stopped') {
    // Under way here, or else the server has it.
    if (!conversation.turns.some(({ runId }) => runId === id)) await storage.write([{ remove: 'outbox', id }])
    return
  }
  // An answer that goes on on the server comes first.
  for (const parked of conversation.parked.values()) void runTurn(core, conversation, parked)
  const isSent = question.status === 'sent'
  const parentId = parentOf(tree, entry)
  tree.put({ ...restoredMessage(question), status: isSent ? 'sent' : 'queued', parentId })
  tree.put({ ...restoredMessage(answer), status: 'sending' })
  const turn = newTurn(id, answer.id, question.id, body)
  turn.progress.maybeSent = true
  void runTurn(core, conversation, turn)
}

async function load(core: ClientCore, storage: ChatStorage, id: string): Promise<ConversationState> {
  const { held } = core.state
  const known = held.get(id)
  if (known) return known
  const conversation = heldConversation(core, id)
  held.set(id, conversation)
  await loadFromStorage(storage, conversation)
  parkInterrupted(conversation, null)
  return conversation
}

/** Behind what came to the conversation in the meantime, as the server will put it, unless the question says where it stands. */
function parentOf(tree: MessageTree, { question, body }: OutboxEntry): string | null {
  const path = tree.path()
  const shown = path.find(({ id }) => id === question.id)
  if (shown) return shown.parentId
  return isPlaced(body) ? question.parentId : (path.at(-1)?.id ?? question.parentId)
}
