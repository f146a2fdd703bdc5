import { ChatError } from '../errors/chat-error.js'
import { errorFromRun } from '../errors/from-run-error.js'
import type { ChatMessage, ChatMessageStatus } from '../messages/message.js'
import type { TerminalRunStatus } from '../protocol/index.js'
import type { RunOutcome } from './chat-client.js'
import type { ConversationState } from './conversation-state.js'
import { takeUpProgress } from './materialise.js'
import type { Turn } from './turn.js'

/** What the end of a run means for its message. */
export const endedStatus = (end: TerminalRunStatus): RunOutcome['status'] =>
  end === 'completed' ? 'done' : end

/** Gives the answer its final form. This is the only place where a message becomes `done`, and only by the terminal event. */
export function settle(conversation: ConversationState, turn: Turn, failure: ChatError | null): RunOutcome {
  const { end, acknowledged } = turn.progress
  const isStopped = failure?.code === 'stopped'
  takeUpProgress(conversation)
  const before = conversation.tree.get(turn.answerId)
  if (!before) throw new ChatError('protocol', 'No such message.')
  const status = endedStatus(end?.status ?? (isStopped ? 'stopped' : 'failed'))
  const error = end ? errorFromRun(end.status, end.error) : failure
  const message: ChatMessage = { ...before, status, error }
  conversation.tree.put(message)
  markQuestion(conversation, turn, acknowledged ? 'sent' : status)
  conversation.error = isStopped ? null : failure
  return { status, message, error }
}

/** A question that the server has stays `sent`, whatever becomes of its answers. */
export function markQuestion(
  { tree }: ConversationState,
  { questionId }: Turn,
  status: ChatMessageStatus,
): void {
  const question = tree.get(questionId)
  if (question && question.status !== 'sent') tree.put({ ...question, status })
}
