import type { RunStatus, WireConversation, WireMessage } from '../protocol/index.js'
import { errorFromRun } from '../errors/from-run-error.js'
import type { ConversationSummary } from '../messages/conversation.js'
import type { ChatMessage, ChatMessageStatus } from '../messages/message.js'
import { isTerminal } from '../run/apply-event.js'

/** What a run's status means for its message. */
const STATUS_OF_RUN: Record<RunStatus, ChatMessageStatus> = {
  queued: 'sending',
  streaming: 'streaming',
  completed: 'done',
  stopped: 'stopped',
  interrupted: 'interrupted',
  failed: 'failed',
  blocked: 'blocked',
}

export const messageFromWire = (wire: WireMessage): ChatMessage => ({
  id: wire.id,
  role: wire.role,
  content: wire.content,
  status: wire.role === 'user' ? 'sent' : STATUS_OF_RUN[wire.status],
  createdAt: Date.parse(wire.created_at),
  parentId: wire.parent_id,
  runId: wire.run_id,
  feedback: wire.feedback,
  error: wire.role === 'assistant' && isTerminal(wire.status) ? errorFromRun(wire.status, wire.error) : null,
})

export const conversationFromWire = (wire: WireConversation): ConversationSummary => ({
  id: wire.id,
  title: wire.title,
  createdAt: Date.parse(wire.created_at),
  updatedAt: Date.parse(wire.updated_at),
})
