import type { ConversationDetail } from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import { messageFromWire } from '../messages/from-wire.js'
import type { ClientContext } from './client-context.js'
import { restoredMessage, storedMessage, type ConversationState } from './conversation-state.js'
import { newTurn, type Turn } from './turn.js'

/** Puts what storage has of a conversation into its tree; what is there already is newer and stays. */
export async function loadFromStorage(
  { storage }: ClientContext,
  conversation: ConversationState,
): Promise<void> {
  const stored = await storage.get('conversations', conversation.id)
  if (stored) {
    conversation.title ||= stored.title
    conversation.createdAt = stored.createdAt
  }
  for (const message of await storage.messagesOf(conversation.id)) {
    if (!conversation.tree.get(message.id)) conversation.tree.put(restoredMessage(message))
  }
}

/**
 * Reconciles a conversation with the server: the server is right about everything it has; messages it never got stay.
 * @returns the run that is being generated now, as a turn to be driven, unless it already is
 * @throws ChatError
 */
export async function loadFromServer(
  context: ClientContext,
  conversation: ConversationState,
): Promise<Turn | null> {
  const { transport, session, signal } = context
  if (!transport.server) return null
  const call = { token: await session.token(false), signal }
  const detail = await transport.server.getConversation(call, conversation.id)
  conversation.onServer = true
  conversation.title = detail.title
  const driven = new Set(conversation.turns.map((turn) => turn.answerId))
  for (const wire of detail.messages) {
    if (!driven.has(wire.id)) conversation.tree.put(messageFromWire(wire))
  }
  await keepAll(context, conversation)
  return activeTurn(conversation, detail)
}

/** An answer that storage has half and the server says is being made: read on from where the server's text ends. */
function activeTurn(
  conversation: ConversationState,
  { active_run: active, messages }: ConversationDetail,
): Turn | null {
  if (!active || conversation.turns.some((turn) => turn.runId === active.id)) return null
  const answer = messages.find((message) => message.run_id === active.id && message.role === 'assistant')
  if (!answer) throw new ChatError('protocol', 'The server named a run without its message.')
  return attachingTurn(conversation.id, active.id, answer.id)
}

/** A turn that reads a run of the server from its beginning; the text that is shown stays until it is caught up with. */
function attachingTurn(conversationId: string, runId: string, answerId: string): Turn {
  const turn = newTurn({ runId, conversationId, answerId, questionId: null, body: null })
  turn.progress.acknowledged = true
  return turn
}

/**
 * For answers that an earlier page left half and the server could not be asked about: says so on the message, and keeps
 * a turn ready that reads on when the line is back.
 */
export function parkInterrupted(
  conversation: ConversationState,
  error: ChatError,
  parked: Map<string, Turn>,
): void {
  const driven = new Set(conversation.turns.map((turn) => turn.answerId))
  for (const message of conversation.tree.all()) {
    if (message.status !== 'streaming' || message.runId === null || driven.has(message.id)) continue
    conversation.tree.put({ ...message, status: 'failed', error })
    parked.set(message.id, attachingTurn(conversation.id, message.runId, message.id))
  }
}

async function keepAll({ storage, platform }: ClientContext, conversation: ConversationState): Promise<void> {
  const { id, title, createdAt } = conversation
  await storage.write([
    { put: 'conversations', record: { id, title, createdAt, updatedAt: platform.now() } },
    ...conversation.tree
      .all()
      .map((message) => ({ put: 'messages' as const, record: storedMessage(id, message) })),
  ])
}
