import {
  formatCursor,
  type ConversationDetail,
  type HistoryExchange,
  type MessageFeedback,
  type RunDetail,
  type SendMessageResponse,
  type WireConversation,
  type WireMessage,
  type WireRun,
} from '@colloquy/chat-core/protocol'
import type { OpenConversation } from '../../../application/get-conversation/get-conversation.js'
import type { Exchange } from '../../../application/shared/exchange.js'
import type { RunSnapshot } from '../../../application/shared/run-snapshot.js'
import type { Conversation } from '../../../domain/conversation.js'
import type { Feedback, Message } from '../../../domain/message.js'
import type { PastExchange } from '../../../domain/ports/index.js'
import type { Run } from '../../../domain/run.js'

const time = (ms: number): string => new Date(ms).toISOString()

export const wireConversation = (conversation: Conversation): WireConversation => ({
  id: conversation.id,
  title: conversation.title,
  mode: conversation.mode,
  document_ids: [...conversation.documentIds],
  created_at: time(conversation.createdAt),
  updated_at: time(conversation.updatedAt),
})

export const wireMessage = (message: Message): WireMessage => ({
  id: message.id,
  conversation_id: message.conversationId,
  parent_id: message.parentId,
  role: message.role,
  content: message.content,
  status: message.status,
  run_id: message.runId,
  model: message.model,
  usage: message.usage,
  error: message.error,
  ...(message.pageContext && { context: message.pageContext }),
  feedback: message.feedback && wireFeedback(message.feedback),
  created_at: time(message.createdAt),
})

const wireFeedback = ({ rating, comment, at }: Feedback): MessageFeedback => ({
  rating,
  comment,
  created_at: time(at),
})

export const wirePastExchange = ({ conversation, userMessage, message }: PastExchange): HistoryExchange => ({
  conversation_id: conversation.id,
  title: conversation.title,
  user_message: wireMessage(userMessage),
  message: wireMessage(message),
})

export const wireExchange = ({ userMessage, message }: Exchange): SendMessageResponse => ({
  user_message: wireMessage(userMessage),
  message: wireMessage(message),
})

export const wireRun = (run: Run): WireRun => ({
  id: run.id,
  conversation_id: run.conversationId,
  user_message_id: run.userMessageId,
  message_id: run.messageId,
  status: run.status,
  model: run.model,
  usage: run.usage,
  error: run.error,
  created_at: time(run.createdAt),
  ended_at: run.endedAt === null ? null : time(run.endedAt),
  cursor: formatCursor({ runId: run.id, seq: run.lastSeq }),
})

export const wireRunDetail = ({ run, message, seq, queuePosition }: RunSnapshot): RunDetail => ({
  ...wireRun(run),
  cursor: formatCursor({ runId: run.id, seq }),
  message: wireMessage(message),
  ...(queuePosition > 0 && { queue: { position: queuePosition } }),
})

export const wireOpenConversation = (open: OpenConversation): ConversationDetail => ({
  ...wireConversation(open.conversation),
  messages: open.messages.map(wireMessage),
  has_more: open.hasMore,
  active_run: open.activeRun && {
    id: open.activeRun.id,
    cursor: formatCursor({ runId: open.activeRun.id, seq: open.activeRun.seq }),
  },
})
