import type { ConversationDetail, WireMessage } from '../protocol/index.js'
import type { ClientCore } from '../chat-client/client-core.js'
import type { ConversationState } from '../chat-client/conversation-state.js'
import { runTurn } from '../chat-client/run-turn.js'
import type { Turn } from '../chat-client/turn.js'
import { asChatError } from '../errors/chat-error.js'
import type { ChatStorage } from '../persistence/storage.js'
import { isTerminal } from '../run/apply-event.js'
import { dropConversation } from './drop-conversation.js'
import { messageFromWire } from './from-wire.js'
import { request } from '../chat-client/request.js'
import { attachingTurn, changesFor } from './stored-conversation.js'

/** What others wrote to these may be missing here. */
const behind = new WeakSet<ConversationState>()

/** Makes up for what could not be asked of the server before. */
export async function catchUp(core: ClientCore, storage: ChatStorage): Promise<void> {
  const { open } = core.state
  if (!open || !behind.has(open) || !core.platform.isOnline()) return
  await reconcile(core, storage, open)
  core.store.show()
}

/**
 * Brings a conversation to where the server has it: the server is right about everything it has, messages it never got
 * stay, and an answer that is being made is read on, as is one of which an earlier page heard last that it is. Never rejects; a
 * failure becomes the conversation's error.
 */
export async function reconcile(
  core: ClientCore,
  storage: ChatStorage,
  conversation: ConversationState,
): Promise<void> {
  try {
    const turns = await loadFromServer(core, storage, conversation)
    conversation.error = null
    behind.delete(conversation)
    for (const turn of turns) void runTurn(core, conversation, turn)
  } catch (thrown) {
    const error = asChatError(thrown)
    if (error.status === 404) return forget(core, storage, conversation)
    conversation.error = error
    behind.add(conversation)
  }
  for (const turn of conversation.parked.values()) void runTurn(core, conversation, turn)
}

/** @returns the runs that are under way there, as turns to be driven, without those that already are */
async function loadFromServer(
  core: ClientCore,
  storage: ChatStorage,
  conversation: ConversationState,
): Promise<Turn[]> {
  const { id, tree } = conversation
  const detail = await request<ConversationDetail>(core, 'GET', `/conversations/${id}?limit=100`)
  if (!detail) return []
  // The page has gone on, perhaps to another person: nothing of this may be shown or kept any more.
  if (core.state.held.get(id) !== conversation) return []
  conversation.onServer = true
  conversation.title = detail.title
  for (const wire of detail.messages) {
    if (isDriven(conversation, wire.id)) continue
    tree.put(messageFromWire(wire))
    if (isTerminal(wire.status)) conversation.parked.delete(wire.id)
  }
  const arrived = detail.messages.map((message) => message.id)
  await storage.write(changesFor(conversation, arrived, core.platform.now()))
  return detail.messages.flatMap((message) => turnFor(conversation, message) ?? [])
}

/** Several may be under way, because other devices ask as well. */
function turnFor(conversation: ConversationState, message: WireMessage): Turn | null {
  const { id, role, run_id: runId, status } = message
  if (role === 'user' || runId === null || isTerminal(status) || isDriven(conversation, id)) return null
  return conversation.parked.get(id) ?? attachingTurn(runId, id)
}

const isDriven = ({ turns }: ConversationState, answerId: string): boolean =>
  turns.some((turn) => turn.answerId === answerId)

/** Deleted elsewhere; but what the server never got is not the server's to delete. */
async function forget(
  core: ClientCore,
  storage: ChatStorage,
  conversation: ConversationState,
): Promise<void> {
  if (conversation.tree.all().some(({ role, status }) => role === 'user' && status !== 'sent')) return
  await storage.write([{ removeConversation: conversation.id }])
  dropConversation(core, conversation.id)
}
