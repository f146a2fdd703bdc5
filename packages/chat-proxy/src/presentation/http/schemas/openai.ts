import { z } from 'zod'
import { usage } from './common.js'

const FINISH = z.enum(['stop', 'length', 'tool_calls', 'content_filter'])

export const chatCompletion = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int().describe('Unix time in seconds.'),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({
          role: z.literal('assistant'),
          content: z.string().nullable(),
          refusal: z.null(),
          reasoning_content: z.string().exactOptional(),
          tool_calls: z
            .array(
              z.object({
                id: z.string(),
                type: z.literal('function'),
                function: z.object({ name: z.string(), arguments: z.string() }),
              }),
            )
            .exactOptional(),
        }),
        logprobs: z.null(),
        finish_reason: FINISH,
      }),
    ),
    usage: usage.exactOptional().describe('Left out where the provider counts nothing.'),
  })
  .meta({ id: 'ChatCompletion' })

export const modelList = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal('model'),
        created: z.int(),
        owned_by: z.string(),
      }),
    ),
  })
  .meta({ id: 'ModelList' })
