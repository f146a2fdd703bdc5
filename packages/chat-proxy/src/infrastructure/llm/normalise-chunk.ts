import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'

/** What one `chat.completion.chunk` of any provider says, in one shape. */
export interface NormalisedChunk {
  /** Text to append; empty when the chunk carries none. */
  readonly text: string
  /** Whether the model produced something: text, reasoning or a tool call. A role alone is no token. */
  readonly isToken: boolean
  readonly finishReason: FinishReason | null
  readonly usage: Usage | null
  /** The provider reports in the stream that the answer failed. */
  readonly isFailure: boolean
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads a chunk, or a whole `chat.completion` from a server that does not stream. Tolerant: every field may be missing,
 * `null` or of another type; what is not understood is left out.
 * @returns `null` when the value is no object, which no provider sends on purpose.
 */
export function normaliseChunk(value: unknown): NormalisedChunk | null {
  const chunk = fieldsOf(value)
  if (!chunk) return null
  const choice = fieldsOf(Array.isArray(chunk['choices']) ? chunk['choices'][0] : undefined) ?? {}
  const delta = fieldsOf(choice['delta']) ?? fieldsOf(choice['message']) ?? {}
  const text = textOf(delta['content'])
  const reason = choice['finish_reason']
  return {
    text,
    isToken: TOKENS.some((name) => isFilled(delta[name])),
    finishReason: typeof reason === 'string' && reason !== '' ? (FINISH_REASONS.get(reason) ?? 'stop') : null,
    usage: usageOf(chunk),
    isFailure: Boolean(chunk['error']) || reason === 'error',
  }
}

/** Where a model's work can show. Only the text of `content` is shown to people. */
const TOKENS = ['content', 'reasoning_content', 'reasoning', 'tool_calls', 'refusal']

/** Reasons that do not mean a proper end. Whatever else a provider calls its end is a `stop`. */
const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['tool_calls', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['content_filter', 'content_filter'],
])

/** A string, or a list of parts of which those of type `text` count. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map(fieldsOf)
    .map((part) => (part?.['type'] === 'text' && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('')
}

/** From the place OpenAI defined, or from the one Groq used before it. */
function usageOf(chunk: Fields): Usage | null {
  const usage = fieldsOf(chunk['usage']) ?? fieldsOf(fieldsOf(chunk['x_groq'])?.['usage'])
  if (!usage) return null
  const [prompt, completion, total] = ['prompt_tokens', 'completion_tokens', 'total_tokens'].map((name) =>
    countOf(usage[name]),
  )
  if (prompt === undefined && completion === undefined) return null
  return {
    prompt_tokens: prompt ?? 0,
    completion_tokens: completion ?? 0,
    total_tokens: total ?? (prompt ?? 0) + (completion ?? 0),
  }
}

const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined

const isFilled = (value: unknown): boolean =>
  (typeof value === 'string' || Array.isArray(value)) && value.length > 0

const fieldsOf = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined)

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
