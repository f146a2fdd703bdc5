import { ChatError } from '../errors/chat-error.js'
import { errorFromRun } from '../errors/from-run-error.js'
import type { ChatMessage, ChatMessageStatus } from '../messages/message.js'
import type { RunOutcome } from './chat-client.js'
import type { ConversationState } from './conversation-state.js'
import { takeUpProgress } from './materialise.js'
import type { Turn } from './turn.js'

/** An answer that nothing here works on any more; with `streaming` and `sending` the page goes and the run does not. */
export type SettledMessage = ChatMessage & { readonly status: RunOutcome['status'] | 'streaming' | 'sending' }

/** Gives the answer its final form. This is the only place where a message becomes `done`, and only by the terminal event. */
export function settle(
  conversation: ConversationState,
  turn: Turn,
  failure: ChatError | null,
): SettledMessage {
  const { end, acknowledged, text } = turn.progress
  const isByHand = failure?.code === 'stopped' || failure?.code === 'aborted'
  takeUpProgress(conversation)
  const before = conversation.tree.get(turn.answerId)
  if (!before) throw new ChatError('protocol', 'There is no such answer here.')
  const status = finalStatus(turn, failure)
  const message: SettledMessage = {
    ...before,
    content: text,
    status,
    error: end ? errorFromRun(end.status, end.error) : failure,
  }
  conversation.tree.put(message)
  if (acknowledged) markQuestion(conversation, turn, 'sent')
  else if (status === 'stopped' || status === 'failed') markQuestion(conversation, turn, status)
  conversation.error = isByHand ? null : failure
  return message
}

function finalStatus({ progress }: Turn, failure: ChatError | null): SettledMessage['status'] {
  const { end, acknowledged } = progress
  if (end) return end.status === 'completed' ? 'done' : end.status
  if (failure?.code === 'stopped') return 'stopped'
  if (failure?.code === 'aborted') return acknowledged ? 'streaming' : 'sending'
  return 'failed'
}

export function markQuestion(
  { tree }: ConversationState,
  { questionId }: Turn,
  status: ChatMessageStatus,
): void {
  const question = tree.get(questionId ?? '')
  if (question && question.status !== status) tree.put({ ...question, status })
}
