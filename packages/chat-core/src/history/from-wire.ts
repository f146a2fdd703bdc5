import type { RunStatus, WireConversation, WireMessage } from '../protocol/index.js'
import { errorFromRun } from '../errors/from-run-error.js'
import type { ChatError } from '../errors/chat-error.js'
import type { ConversationSummary } from '../messages/conversation.js'
import type { ChatMessage, ChatMessageStatus } from '../messages/message.js'
import { endedStatus } from '../chat-client/settle-turn.js'
import { isTerminal } from '../run/apply-event.js'

/** What a run's status means for its message. The server has it: what an earlier page left is read on, not asked again. */
const statusOfRun = (status: RunStatus): ChatMessageStatus =>
  isTerminal(status) ? endedStatus(status) : 'streaming'

export const messageFromWire = (wire: WireMessage): ChatMessage => ({
  id: wire.id,
  role: wire.role,
  content: wire.content,
  status: wire.role === 'user' ? 'sent' : statusOfRun(wire.status),
  createdAt: Date.parse(wire.created_at),
  parentId: wire.parent_id,
  runId: wire.run_id,
  feedback: wire.feedback,
  error: wire.role === 'assistant' ? pastError(wire) : null,
})

/** When to come back was said at the end of the run, which may be long ago. */
function pastError({ status, error }: WireMessage): ChatError | null {
  if (!isTerminal(status)) return null
  if (!error) return errorFromRun(status, null)
  const { retry_after: _past, ...lasting } = error
  return errorFromRun(status, lasting)
}

export const conversationFromWire = (wire: WireConversation): ConversationSummary => ({
  id: wire.id,
  title: wire.title,
  createdAt: Date.parse(wire.created_at),
  updatedAt: Date.parse(wire.updated_at),
})
