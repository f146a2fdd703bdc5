import type { PageContext, RunError, Usage } from '@colloquy/chat-core/protocol'
import type { Insertable, Selectable } from 'kysely'
import type { Conversation } from '../../domain/conversation.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import type { Feedback, Message } from '../../domain/message.js'
import type { Run } from '../../domain/run.js'
import type { ConversationTable, EventTable, MessageTable, RunTable } from './schema.js'
import { storedText } from './stored-text.js'

export const conversationToRow = (conversation: Conversation): Selectable<ConversationTable> => ({
  tenant_id: conversation.tenantId,
  id: conversation.id,
  owner_id: conversation.ownerId,
  title: storedText(conversation.title),
  title_by: conversation.titleBy,
  mode: conversation.mode,
  document_ids: JSON.stringify(conversation.documentIds),
  head_id: conversation.headId,
  last_position: 0,
  created_at: conversation.createdAt,
  updated_at: conversation.updatedAt,
  deleted_at: null,
})

export const rowToConversation = (row: Selectable<ConversationTable>): Conversation => ({
  tenantId: row.tenant_id,
  id: row.id,
  ownerId: row.owner_id,
  title: row.title,
  titleBy: row.title_by,
  mode: row.mode,
  documentIds: parseDocumentIds(row.document_ids),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  headId: row.head_id,
})

export const messageToRow = (message: Message, position: number): Insertable<MessageTable> => ({
  tenant_id: message.tenantId,
  id: message.id,
  conversation_id: message.conversationId,
  position,
  parent_id: message.parentId,
  role: message.role,
  content: storedText(message.content),
  status: message.status,
  run_id: message.runId,
  created_at: message.createdAt,
  page_context: message.pageContext === null ? null : JSON.stringify(message.pageContext),
  ...outcomeToColumns(message),
  ...feedbackToColumns(message.feedback),
})

export const rowToMessage = (row: Selectable<MessageTable>): Message => ({
  tenantId: row.tenant_id,
  id: row.id,
  conversationId: row.conversation_id,
  parentId: row.parent_id,
  role: row.role,
  content: row.content,
  status: row.status,
  runId: row.run_id,
  createdAt: row.created_at,
  pageContext: row.page_context === null ? null : parsePageContext(row.page_context),
  ...columnsToOutcome(row),
  feedback: columnsToFeedback(row),
})

export const feedbackToColumns = (feedback: Feedback | null) => ({
  feedback_rating: feedback?.rating ?? null,
  feedback_comment: feedback?.comment == null ? null : storedText(feedback.comment),
  feedback_at: feedback?.at ?? null,
})

const columnsToFeedback = ({
  feedback_rating: rating,
  feedback_comment: comment,
  feedback_at: at,
}: ReturnType<typeof feedbackToColumns>): Feedback | null =>
  rating === null || at === null ? null : { rating, comment, at }

/** Without the lease, which is no part of the run. */
export const runToRow = (run: Run): Omit<Insertable<RunTable>, 'lease_owner' | 'lease_until'> => ({
  tenant_id: run.tenantId,
  id: run.id,
  conversation_id: run.conversationId,
  owner_id: run.ownerId,
  user_message_id: run.userMessageId,
  message_id: run.messageId,
  request_digest: run.requestDigest,
  status: run.status,
  attempts: attemptsToColumn(run.attempts),
  last_seq: run.lastSeq,
  created_at: run.createdAt,
  ended_at: run.endedAt,
  ...outcomeToColumns(run),
})

export const rowToRun = (row: Selectable<RunTable>): Run => ({
  tenantId: row.tenant_id,
  id: row.id,
  conversationId: row.conversation_id,
  ownerId: row.owner_id,
  userMessageId: row.user_message_id,
  messageId: row.message_id,
  requestDigest: row.request_digest,
  status: row.status,
  attempts: parseAttempts(row.attempts),
  lastSeq: row.last_seq,
  createdAt: row.created_at,
  endedAt: row.ended_at,
  ...columnsToOutcome(row),
})

export const attemptsToColumn = (attempts: Run['attempts']): string => JSON.stringify(attempts)

export const eventToRow = (event: DomainEvent): Omit<Insertable<EventTable>, 'seq'> => ({
  tenant_id: event.tenantId,
  type: event.type,
  subject_id: event.subjectId,
  actor: event.actor,
  at: event.at,
  data: JSON.stringify(event.data),
})

/** How an answer was made, as runs, messages and ends have it. */
interface Outcome {
  readonly model: string | null
  readonly usage: Usage | null
  readonly error: RunError | null
}

export const outcomeToColumns = ({ model, usage, error }: Outcome) => ({
  model: model === null ? null : storedText(model),
  prompt_tokens: usage?.prompt_tokens ?? null,
  completion_tokens: usage?.completion_tokens ?? null,
  total_tokens: usage?.total_tokens ?? null,
  error: error === null ? null : JSON.stringify(error),
})

type OutcomeColumns = ReturnType<typeof outcomeToColumns>

const columnsToOutcome = (row: OutcomeColumns): Outcome => ({
  model: row.model,
  usage: columnsToUsage(row),
  error: row.error === null ? null : parseError(row.error),
})

function columnsToUsage({
  prompt_tokens,
  completion_tokens,
  total_tokens,
}: Pick<OutcomeColumns, 'prompt_tokens' | 'completion_tokens' | 'total_tokens'>): Usage | null {
  if (prompt_tokens === null || completion_tokens === null || total_tokens === null) return null
  return { prompt_tokens, completion_tokens, total_tokens }
}

// Only this adapter writes these columns, always from values of these types.
const parseDocumentIds = (json: string): string[] => JSON.parse(json)
const parseAttempts = (json: string): Run['attempts'] => JSON.parse(json)
const parsePageContext = (json: string): PageContext => JSON.parse(json)
const parseError = (json: string): RunError => JSON.parse(json)
