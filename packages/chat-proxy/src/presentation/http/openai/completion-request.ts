import { z } from 'zod'
import type { CompletionInput } from '../../../application/complete-chat/completion.js'
import type { ModelMessage, ModelTool } from '../../../domain/ports/index.js'
import { noneOf } from '../routing/fields.js'

/**
 * The body of `POST /v1/chat/completions`. What is listed here reaches the model; everything else is refused by name, so that
 * nobody believes in a wish that nobody reads. As at OpenAI, `null` is as good as absent.
 */

const UNSUPPORTED = 'is not supported here'

/** Text, as a string or in parts. Pictures, sound and files are refused. */
const text = z.union(
  [
    z.string(),
    z
      .array(z.object({ type: z.literal('text'), text: z.string() }))
      .transform((parts) => parts.map((part) => part.text).join('')),
  ],
  'must be a string or a list of parts of the type text',
)

const toolCall = z.object({
  id: z.string().min(1).max(200),
  type: z.literal('function'),
  function: z.object({ name: z.string().min(1).max(200), arguments: z.string() }),
})

const message = z
  .discriminatedUnion(
    'role',
    [
      z.object({ role: z.enum(['system', 'developer']), content: text }),
      z.object({ role: z.literal('user'), content: text }),
      z.object({
        role: z.literal('assistant'),
        content: text.nullish(),
        tool_calls: z.array(toolCall).max(128).nullish(),
        function_call: z.null(UNSUPPORTED).optional(),
        audio: z.null(UNSUPPORTED).optional(),
      }),
      z.object({ role: z.literal('tool'), tool_call_id: z.string().min(1).max(200), content: text }),
    ],
    { error: noneOf('must be system, developer, user, assistant or tool') },
  )
  .transform((one): ModelMessage => {
    switch (one.role) {
      case 'system':
      case 'developer':
        return { role: 'system', content: one.content }
      case 'user':
        return { role: 'user', content: one.content }
      case 'assistant':
        return { role: 'assistant', content: one.content ?? '', ...callsOf(one.tool_calls) }
      case 'tool':
        return { role: 'tool', toolCallId: one.tool_call_id, content: one.content }
    }
  })

const callsOf = (calls: readonly z.output<typeof toolCall>[] | null | undefined) =>
  calls?.length
    ? {
        toolCalls: calls.map(({ id, function: { name, arguments: json } }) => ({
          id,
          name,
          arguments: json,
        })),
      }
    : {}

const functionName = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"')

const tool = z
  .object({
    type: z.literal('function', `only tools of the type function are supported here`),
    function: z.object({
      name: functionName,
      description: z.string().nullish(),
      parameters: z.record(z.string(), z.unknown()).nullish(),
      strict: z.boolean().nullish(),
    }),
  })
  .transform(({ function: made }): ModelTool => withoutNulls(made))

const toolChoice = z.union(
  [
    z.enum(['auto', 'none', 'required']),
    z
      .object({ type: z.literal('function'), function: z.object({ name: functionName }) })
      .transform(({ function: { name } }) => ({ name })),
  ],
  'must be auto, none, required or the name of a function',
)

const responseFormat = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.enum(['text', 'json_object']) }),
    z.object({ type: z.literal('json_schema'), json_schema: z.record(z.string(), z.unknown()) }),
  ],
  { error: noneOf('must be text, json_object or json_schema') },
)

const count = z.int().min(1).max(1_000_000)
const penalty = z.number().min(-2).max(2)

/** Passed on under their names. */
const parameters = {
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: count.nullish(),
  max_completion_tokens: count.nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)], 'must be a string or up to 4 of them').nullish(),
  seed: z.int().nullish(),
  frequency_penalty: penalty.nullish(),
  presence_penalty: penalty.nullish(),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  response_format: responseFormat.nullish(),
  user: z.string().max(512).nullish(),
}

/** Accepted where they ask for what is done anyway. */
const asIs = {
  n: z.literal(1, 'only one answer is given here: leave it out or send 1').nullish(),
  store: z.literal(false, 'nothing is stored here: leave it out or send false').nullish(),
  logprobs: z.literal(false, UNSUPPORTED).nullish(),
  modalities: z.array(z.literal('text', 'only text is supported here')).nullish(),
  service_tier: z.enum(['auto', 'default'], UNSUPPORTED).nullish(),
}

export const completionRequest = z
  .strictObject(
    {
      model: z.string().min(1),
      messages: z.array(message).min(1, 'must hold at least one message').max(2_000),
      tools: z.array(tool).max(128).nullish(),
      tool_choice: toolChoice.nullish(),
      stream: z.boolean().nullish(),
      stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
      ...parameters,
      ...asIs,
    },
    { error: (issue) => (issue.code === 'unrecognized_keys' ? UNSUPPORTED : undefined) },
  )
  .transform((body): CompletionRequest => {
    const { model, messages, tools, tool_choice: choice, stream, stream_options: options, ...rest } = body
    const {
      n: _n,
      store: _store,
      logprobs: _logprobs,
      modalities: _modalities,
      service_tier: _tier,
      ...wishes
    } = rest
    return {
      isStream: stream === true,
      withUsage: options?.include_usage === true,
      input: {
        model,
        messages,
        ...(tools && { tools }),
        ...(choice && { toolChoice: choice }),
        parameters: withoutNulls(wishes),
      },
    }
  })

export interface CompletionRequest {
  readonly input: CompletionInput
  readonly isStream: boolean
  /** The stream is to end with the count of tokens. */
  readonly withUsage: boolean
}

type WithoutNulls<T> = { [Name in keyof T as null extends T[Name] ? never : Name]: T[Name] } & {
  [Name in keyof T as null extends T[Name] ? Name : never]?: NonNullable<T[Name]>
}

function withoutNulls<T extends object>(fields: T): WithoutNulls<T> {
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)
  // Exactly what the type says: every field that has a value.
  return Object.fromEntries(given) as WithoutNulls<T>
}
