import { heldConversation, type ClientCore } from '../chat-client/client-core.js'
import type { ConversationState } from '../chat-client/conversation-state.js'
import { requestStop, runTurn } from '../chat-client/run-turn.js'
import { isPlaced, newTurn } from '../chat-client/turn.js'
import { keptMessage, loadFromStorage } from '../history/stored-conversation.js'
import type { ChatMessage } from '../messages/message.js'
import type { MessageTree } from '../messages/message-tree.js'
import type { ChatStorage, OutboxEntry } from '../persistence/storage.js'

/** Asks once more, in their order, what was asked before and is not known to have arrived. */
export async function takeUpAll(core: ClientCore, storage: ChatStorage): Promise<void> {
  const entries = await storage.list('outbox')
  entries.sort((a, b) => a.question.position - b.question.position)
  for (const entry of entries) await takeUp(core, storage, entry)
}

async function takeUp(core: ClientCore, storage: ChatStorage, entry: OutboxEntry): Promise<void> {
  const { id, question, answer, body, stopped } = entry
  const conversation = await load(core, storage, question.conversationId)
  const { tree } = conversation
  // Under way here.
  if (conversation.turns.some(({ runId }) => runId === id)) return
  if (isAnswered(tree.get(answer.id))) return storage.write([{ remove: 'outbox', id }])
  // An answer that goes on on the server comes first.
  for (const parked of conversation.parked.values()) void runTurn(core, conversation, parked)
  // One whose stop has not got to the server was among them.
  if (conversation.turns.some(({ runId }) => runId === id)) return
  const isSent = question.status === 'sent'
  const parentId = parentOf(tree, entry)
  tree.put({ ...keptMessage(question), status: isSent ? 'sent' : 'queued', parentId })
  tree.put({ ...keptMessage(answer), status: 'sending' })
  const turn = newTurn(id, answer.id, question.id, body)
  turn.progress.maybeSent = stopped !== 'unsent'
  if (stopped) void requestStop(core, conversation, turn)
  void runTurn(core, conversation, turn)
}

/**
 * The server has it. Not so an answer that was `sending`, nor one that failed; and `stopped` may mean that it was stopped here and asked
 * again: where the server has any of these after all, asking attaches to its run.
 */
const isAnswered = (answer: ChatMessage | undefined): boolean =>
  answer !== undefined && !['sending', 'failed', 'stopped'].includes(answer.status)

async function load(core: ClientCore, storage: ChatStorage, id: string): Promise<ConversationState> {
  const { held } = core.state
  const known = held.get(id)
  if (known) return known
  const conversation = heldConversation(core, id)
  held.set(id, conversation)
  await loadFromStorage(core, storage, conversation)
  return conversation
}

/** Behind what came to the conversation in the meantime, as the server will put it, unless the question says where it stands. */
function parentOf(tree: MessageTree, { question, body }: OutboxEntry): string | null {
  const path = tree.path()
  const shown = path.find(({ id }) => id === question.id)
  if (shown) return shown.parentId
  return isPlaced(body) ? question.parentId : (path.at(-1)?.id ?? question.parentId)
}
