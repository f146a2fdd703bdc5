import type { OutboxEntry } from '../persistence/storage.js'
import type { ConversationState } from './conversation-state.js'
import { newTurn, type Turn } from './turn.js'

/** The turn of a stored question, under its first ids; `null` when it is under way already or its messages are gone. */
export function turnFromOutbox(conversation: ConversationState, entry: OutboxEntry): Turn | null {
  const question = conversation.tree.get(entry.questionId)
  const answer = conversation.tree.get(entry.answerId)
  if (!question || !answer || conversation.turns.some(({ runId }) => runId === entry.id)) return null
  conversation.tree.put({ ...question, status: 'queued', error: null })
  conversation.tree.put({ ...answer, status: 'sending', error: null })
  const turn = newTurn({
    runId: entry.id,
    conversationId: conversation.id,
    answerId: answer.id,
    questionId: question.id,
    body: entry.body,
  })
  turn.progress.maybeSent = true
  return turn
}
