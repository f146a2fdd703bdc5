import {
  MAX_CONTEXT_CHARS,
  type PageContext,
  type RunDetail,
  type RunError,
  type Usage,
  type WireMessage,
  type WireRun,
} from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import { id, SAMPLE, time, usage } from './common.js'

const status = z
  .enum(['queued', 'streaming', 'completed', 'stopped', 'interrupted', 'failed', 'blocked'])
  .meta({
    id: 'RunStatus',
    description: 'queued → streaming → one of the others, which never changes again.',
  })

const runError = z
  .object({
    code: z.enum([
      'upstream_unavailable',
      'upstream_timeout_connect',
      'upstream_timeout_first_token',
      'upstream_timeout_between_tokens',
      'upstream_rejected',
      'upstream_broken',
      'interrupted',
      'overloaded',
      'chat_disabled',
      'policy',
      'internal',
    ]),
    message: z.string().describe('One sentence for a person, safe to show.'),
    retryable: z.boolean().describe('Sending the question again, as a new run, may succeed.'),
    retry_after: z
      .int()
      .exactOptional()
      .describe('Seconds from the end of the run until that makes sense; left out where nobody knows.'),
  })
  .meta({ id: 'RunError', description: 'Why a run did not complete.' }) satisfies z.ZodType<RunError>

export const pageContext = z
  .record(z.string(), z.string())
  .refine((context) => JSON.stringify(context).length <= MAX_CONTEXT_CHARS, {
    error: `The page context is too long: at most ${MAX_CONTEXT_CHARS} characters as JSON.`,
  })
  .meta({
    id: 'PageContext',
    description: `What the page tells of what its visitor is looking at, at most ${MAX_CONTEXT_CHARS} characters as JSON.`,
    examples: [{ title: 'Blue kettle', product_id: '4711' }],
  }) satisfies z.ZodType<PageContext>

const feedback = z.object({
  rating: z.enum(['up', 'down']),
  comment: z.string().nullable(),
  created_at: time,
})

const COUNTED: Usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 }

export const SAMPLE_ANSWER: WireMessage = {
  id: SAMPLE.answer,
  conversation_id: SAMPLE.conversation,
  parent_id: SAMPLE.question,
  role: 'assistant',
  content: 'It is 42.',
  status: 'completed',
  run_id: SAMPLE.run,
  model: 'llama-3.3-70b-versatile',
  usage: COUNTED,
  error: null,
  feedback: null,
  created_at: SAMPLE.time,
}

export const SAMPLE_QUESTION: WireMessage = {
  ...SAMPLE_ANSWER,
  id: SAMPLE.question,
  parent_id: null,
  role: 'user',
  content: 'What is six times seven?',
  run_id: null,
  model: null,
  usage: null,
}

export const message = z
  .object({
    id,
    conversation_id: id,
    parent_id: id.nullable().describe('The message this one follows. Siblings are versions of each other.'),
    role: z.enum(['user', 'assistant']),
    content: z.string(),
    status,
    run_id: id.nullable().describe('On an answer: the run that made it.'),
    model: z.string().nullable(),
    usage: usage.nullable(),
    error: runError.nullable(),
    context: pageContext.exactOptional(),
    feedback: feedback.nullable().exactOptional(),
    created_at: time,
  })
  .meta({ id: 'Message', examples: [SAMPLE_ANSWER] }) satisfies z.ZodType<WireMessage>

const runFields = {
  id,
  conversation_id: id,
  user_message_id: id,
  message_id: id,
  status,
  model: z.string().nullable(),
  usage: usage.nullable(),
  error: runError.nullable(),
  created_at: time,
  ended_at: time.nullable(),
  cursor: z.string().describe('`<run_id>.<seq>` of the newest event: read on from here.'),
}

const SAMPLE_RUN: WireRun = {
  id: SAMPLE.run,
  conversation_id: SAMPLE.conversation,
  user_message_id: SAMPLE.question,
  message_id: SAMPLE.answer,
  status: 'completed',
  model: 'llama-3.3-70b-versatile',
  usage: COUNTED,
  error: null,
  created_at: SAMPLE.time,
  ended_at: SAMPLE.time,
  cursor: `${SAMPLE.run}.7`,
}

export const run = z.object(runFields).meta({
  id: 'Run',
  description: 'One generation of one answer.',
  examples: [SAMPLE_RUN],
}) satisfies z.ZodType<WireRun>

export const runDetail = z
  .object({
    ...runFields,
    message,
    queue: z
      .object({ position: z.int() })
      .exactOptional()
      .describe('Only while the answer waits to be begun. 1 is the next.'),
  })
  .meta({
    id: 'RunDetail',
    examples: [{ ...SAMPLE_RUN, message: SAMPLE_ANSWER } satisfies RunDetail],
  }) satisfies z.ZodType<RunDetail>
