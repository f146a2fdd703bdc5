import { heldConversation, tellParts, type ClientCore, type ClientState } from '../chat-client/client-core.js'
import type { ConversationState } from '../chat-client/conversation-state.js'
import { requestStop, runTurn } from '../chat-client/run-turn.js'
import { isPlaced, newTurn, type Turn } from '../chat-client/turn.js'
import { keptMessage, loadFromStorage } from '../history/stored-conversation.js'
import type { ChatMessage } from '../messages/message.js'
import type { MessageTree } from '../messages/message-tree.js'
import type { ChatStorage, OutboxEntry } from '../persistence/storage.js'

/**
 * Asks once more, in their order, what was asked before and is not known to have arrived; and stops what was stopped before.
 * @param halted runs that are stopped meanwhile; those that are taken up are taken from it
 */
export async function takeUpAll(core: ClientCore, storage: ChatStorage, halted: Set<string>): Promise<void> {
  const { held } = core.state
  const entries = await storage.list('outbox')
  entries.sort((a, b) => a.question.position - b.question.position)
  for (const entry of entries) await takeUp(core, storage, entry, { held, halted })
  // What is in the outbox no more, since it was read here, another tab has brought on its way, or to its end.
  for (const conversation of core.state.held.values()) {
    const { id, tree } = conversation
    for (const kept of await storage.messagesOf(id))
      if (tree.get(kept.id)?.status === 'failed' && !['failed', 'sending'].includes(kept.status))
        // It was given up here: left over now, so that what storage has of it counts.
        tree.put({ ...keptMessage(kept), status: 'sending' })
    await loadFromStorage(core, storage, conversation)
    for (const turn of conversation.parked.values()) void runTurn(core, conversation, turn)
    for (const turn of conversation.turns) if (halted.delete(turn.runId)) stopTurn(core, conversation, turn)
  }
  // What is asked anew from now on was not meant.
  halted.clear()
  core.store.show()
}

async function takeUp(
  core: ClientCore,
  storage: ChatStorage,
  entry: OutboxEntry,
  { held, halted }: { held: ClientState['held']; halted: Set<string> },
): Promise<void> {
  const { id, question, answer } = entry
  const conversation = await load(core, storage, held, question.conversationId)
  // Whoever asked has gone meanwhile, and took the question along.
  if (core.state.held !== held) return
  const stopped = halted.delete(id) ? 'unclear' : entry.stopped
  const { tree, parked } = conversation
  // An answer that goes on on the server comes first.
  for (const other of parked.values()) void runTurn(core, conversation, other)
  const known = conversation.turns.find(({ runId }) => runId === id)
  if (!known && isAnswered(tree.get(answer.id))) return storage.write([{ remove: 'outbox', id }])
  const turn = known ?? waitingTurn(tree, entry)
  if (stopped) stopTurn(core, conversation, turn)
  if (known) return
  // Another tab may have stopped it since it was read here; from now on its news are heard.
  const ready = async (): Promise<void> => {
    const now = await storage.get('outbox', id)
    const isStopped = now ? now.stopped : (await storage.get('messages', answer.id))?.status === 'stopped'
    if (isStopped) void requestStop(core, conversation, turn)
  }
  void runTurn(core, conversation, turn, ready())
}

/** Shows what is asked once more. */
function waitingTurn(tree: MessageTree, entry: OutboxEntry): Turn {
  const { id, question, answer, body } = entry
  const asked = tree.get(question.id) ?? keptMessage(question)
  const isSent = asked.status === 'sent'
  tree.put(isSent ? asked : { ...asked, status: 'queued', parentId: parentOf(tree, entry) })
  tree.put({ ...(tree.get(answer.id) ?? keptMessage(answer)), status: 'sending', error: null })
  const turn = newTurn(id, answer.id, question.id, body)
  turn.progress.maybeSent = entry.stopped !== 'unsent'
  return turn
}

/** Stops a turn, here and in other tabs, where it may be under way. */
export function stopTurn(core: ClientCore, conversation: ConversationState, turn: Turn): void {
  void requestStop(core, conversation, turn)
  void tellParts(core, 'stopping', conversation, turn)
}

/**
 * The server has it. Not so an answer that was `sending`, nor one that failed; and `stopped` may mean that it was stopped here and asked
 * again: where the server has any of these after all, asking attaches to its run.
 */
const isAnswered = (answer: ChatMessage | undefined): boolean =>
  answer !== undefined && !['sending', 'failed', 'stopped'].includes(answer.status)

async function load(
  core: ClientCore,
  storage: ChatStorage,
  held: ClientState['held'],
  id: string,
): Promise<ConversationState> {
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
