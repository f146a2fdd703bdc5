import type {
  ChatResponse,
  ConversationDetail,
  ConversationPage,
  CreateConversationResponse,
  DataExport,
  HistoryPage,
  SendMessageResponse,
  WireConversation,
} from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import { id, SAMPLE, time, usage } from './common.js'
import { message, SAMPLE_ANSWER, SAMPLE_QUESTION } from './runs.js'

const fields = {
  id,
  title: z.string(),
  mode: z.enum(['open', 'rag']),
  document_ids: z.array(id),
  created_at: time,
  updated_at: time,
}

const SAMPLE_CONVERSATION: WireConversation = {
  id: SAMPLE.conversation,
  title: 'What is six times seven?',
  mode: 'open',
  document_ids: [],
  created_at: SAMPLE.time,
  updated_at: SAMPLE.time,
}

export const conversation = z
  .object(fields)
  .meta({ id: 'Conversation', examples: [SAMPLE_CONVERSATION] }) satisfies z.ZodType<WireConversation>

export const createdConversation = z.object({ ...fields, messages: z.array(message) }).meta({
  id: 'CreatedConversation',
  description: 'With `first_message`: the question and its answer, which may still be queued.',
  examples: [{ ...SAMPLE_CONVERSATION, messages: [] } satisfies CreateConversationResponse],
}) satisfies z.ZodType<CreateConversationResponse>

const page = { total: z.int(), page: z.int(), page_size: z.int() }

export const conversationPage = z.object({ conversations: z.array(conversation), ...page }).meta({
  id: 'ConversationPage',
  examples: [
    {
      conversations: [SAMPLE_CONVERSATION],
      total: 1,
      page: 1,
      page_size: 20,
    } satisfies ConversationPage,
  ],
}) satisfies z.ZodType<ConversationPage>

export const conversationDetail = z
  .object({
    ...fields,
    messages: z.array(message).describe('The newest messages, first to last.'),
    has_more: z.boolean(),
    active_run: z
      .object({ id, cursor: z.string() })
      .nullable()
      .describe('The run that is being generated now, with the cursor of its newest event.'),
  })
  .meta({
    id: 'ConversationDetail',
    examples: [
      {
        ...SAMPLE_CONVERSATION,
        messages: [SAMPLE_QUESTION, SAMPLE_ANSWER],
        has_more: false,
        active_run: null,
      } satisfies ConversationDetail,
    ],
  }) satisfies z.ZodType<ConversationDetail>

export const sentMessage = z.object({ user_message: message, message }).meta({
  id: 'SentMessage',
  examples: [{ user_message: SAMPLE_QUESTION, message: SAMPLE_ANSWER } satisfies SendMessageResponse],
}) satisfies z.ZodType<SendMessageResponse>

export const historyPage = z
  .object({
    exchanges: z.array(z.object({ conversation_id: id, title: z.string(), user_message: message, message })),
    ...page,
  })
  .meta({ id: 'HistoryPage' }) satisfies z.ZodType<HistoryPage>

export const chatResponse = z
  .object({
    conversation_id: id,
    message_id: id,
    response: z.string(),
    citations: z.array(z.object({ document_id: id, title: z.string(), url: z.string().nullable() })),
    suggestions: z.array(z.string()),
    usage: usage.nullable(),
    model: z.string().nullable(),
  })
  .meta({ id: 'ChatResponse' }) satisfies z.ZodType<ChatResponse>

export const dataExport = z
  .object({
    exported_at: time,
    tenant: z.string(),
    subject: z.string(),
    usage: z
      .array(
        z.object({
          span: z.enum(['day', 'month']),
          starts_at: time,
          ends_at: time,
          messages: z.int(),
          tokens: z.int(),
          money: z
            .int()
            .nullable()
            .describe('Millionths of a US dollar; null when nobody said what a model costs.'),
        }),
      )
      .describe('What was counted, the newest day or month first.'),
    conversations: z
      .array(z.object({ ...fields, deleted_at: time.nullable(), messages: z.array(message) }))
      .describe('In the order in which they were begun, with all messages of all branches.'),
  })
  .meta({ id: 'DataExport' }) satisfies z.ZodType<DataExport>
