import { ChatError } from '../errors/chat-error.js'
import { errorFromRun } from '../errors/from-run-error.js'
import { STATUS_OF_RUN } from '../messages/from-wire.js'
import type { ChatMessage, ChatMessageStatus } from '../messages/message.js'
import type { RunOutcome } from './chat-client.js'
import type { ConversationState } from './conversation-state.js'
import { takeUpProgress } from './materialise.js'
import type { Turn } from './turn.js'

/** Gives the answer its final form. This is the only place where a message becomes `done`, and only by the terminal event. */
export function settle(conversation: ConversationState, turn: Turn, failure: ChatError | null): ChatMessage {
  const { progress } = turn
  takeUpProgress(conversation)
  const before = conversation.tree.get(turn.answerId)
  if (!before) throw new ChatError('protocol', 'The answer has no message.')
  const error = progress.end ? errorFromRun(progress.end.status, progress.end.error) : failure
  const message: ChatMessage = {
    ...before,
    content: progress.text,
    status: finalStatus(turn, failure),
    error,
  }
  conversation.tree.put(message)
  if (progress.acknowledged) markQuestion(conversation, turn, 'sent')
  else if (failure && failure.code !== 'aborted') {
    markQuestion(conversation, turn, failure.code === 'stopped' ? 'stopped' : 'failed')
  }
  conversation.error = failure && failure.code !== 'stopped' && failure.code !== 'aborted' ? failure : null
  return message
}

function finalStatus({ progress }: Turn, failure: ChatError | null): ChatMessageStatus {
  if (progress.end) return STATUS_OF_RUN[progress.end.status]
  if (failure?.code === 'stopped') return 'stopped'
  if (failure?.code === 'aborted') return progress.acknowledged ? 'streaming' : 'sending'
  return 'failed'
}

export function markQuestion(conversation: ConversationState, turn: Turn, status: ChatMessageStatus): void {
  const question = turn.questionId === null ? undefined : conversation.tree.get(turn.questionId)
  if (question && question.status !== status) conversation.tree.put({ ...question, status })
}

export function outcomeOf(status: ChatMessageStatus): RunOutcome['status'] {
  switch (status) {
    case 'done':
    case 'stopped':
    case 'interrupted':
    case 'blocked':
      return status
    case 'failed':
    case 'queued':
    case 'sending':
    case 'sent':
    case 'streaming':
      return 'failed'
  }
}
