import { parseCursor, type ConversationDetail } from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import { messageFromWire } from '../messages/from-wire.js'
import { newProgress } from '../run/run-progress.js'
import type { ClientContext } from './client-context.js'
import { restoredMessage, storedMessage, type ConversationState } from './conversation-state.js'
import type { Turn } from './turn.js'

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
  const cursor = parseCursor(active.cursor)
  if (!answer || !cursor) throw new ChatError('protocol', 'The server named a run without its message.')
  return {
    runId: active.id,
    conversationId: conversation.id,
    answerId: answer.id,
    questionId: null,
    body: null,
    // From 0: the text of the message and the cursor are two reads on the server, and may not fit each other.
    progress: { ...newProgress(active.id), acknowledged: true },
    stop: new AbortController(),
    trouble: null,
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
