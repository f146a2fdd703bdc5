import { ERROR_STATUS, type ErrorBody, type ErrorType, type LimitState } from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import { SAMPLE, time } from './common.js'

export const limitState = z
  .object({
    name: z.string().meta({ examples: ['messages_per_minute', 'money_per_day', 'runs_at_once'] }),
    scope: z.enum(['user', 'ip', 'tenant', 'installation']),
    max: z.number(),
    used: z.number(),
    waiting: z
      .number()
      .exactOptional()
      .describe('`runs_at_once` of a person alone: those that wait for their turn, beside the used ones.'),
    remaining: z.number(),
    resets_at: time.nullable(),
  })
  .meta({
    id: 'LimitState',
    description:
      'One limit as it stands. Money is in millionths of a US dollar; what the installation may do and a tenant may spend is told as a share, with `max` 1; `resets_at` is null where answers that end free it.',
    examples: [
      {
        name: 'messages_per_minute',
        scope: 'user',
        max: 20,
        used: 20,
        remaining: 0,
        resets_at: SAMPLE.time,
      } satisfies LimitState,
    ],
  }) satisfies z.ZodType<LimitState>

// The keys of a constant record, which TypeScript calls strings.
const TYPES = Object.keys(ERROR_STATUS) as [ErrorType, ...ErrorType[]]

export const errorBody = z
  .object({
    error: z.string().describe('One sentence for a person, safe to show.'),
    detail: z.string().describe('What exactly was wrong and what to do next.'),
    type: z.enum(TYPES),
    request_id: z.string(),
    retry_after: z
      .number()
      .exactOptional()
      .describe('Seconds until a retry may succeed. Also sent as Retry-After.'),
    limit: limitState.exactOptional(),
  })
  .meta({
    id: 'Error',
    description: 'The body of every refused request under /api/v1.',
    examples: [
      {
        error: 'Conversation not found',
        detail: `No conversation with ID ${SAMPLE.conversation}`,
        type: 'NotFoundError',
        request_id: SAMPLE.request,
      } satisfies ErrorBody,
    ],
  }) satisfies z.ZodType<ErrorBody>

export const openAiError = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .meta({
    id: 'OpenAIError',
    description: 'The body of every refused request under /v1, in the shape of OpenAI.',
    examples: [
      {
        error: {
          message: 'n: only one answer is given here: leave it out or send 1',
          type: 'invalid_request_error',
          param: 'n',
          code: null,
        },
      },
    ],
  })
