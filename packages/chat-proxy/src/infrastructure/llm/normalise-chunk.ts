import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import { fieldsOf, listOf, stringOf, type Fields } from './fields.js'
import { normaliseUsage } from './normalise-usage.js'

/** What one `chat.completion.chunk` of any provider says, in one shape. */
export interface NormalisedChunk {
  /** Text to append; empty when the chunk carries none. */
  readonly text: string
  /** Thoughts to append; empty when the chunk carries none. */
  readonly reasoning: string
  readonly toolCalls: readonly ToolCallPiece[]
  /** Whether the model produced something: text, reasoning or a tool call. A role alone is no token. */
  readonly isToken: boolean
  readonly finishReason: FinishReason | null
  readonly usage: Usage | null
  /** The provider reports in the stream that the answer failed. */
  readonly isFailure: boolean
}

/** A piece of a tool call as the provider sent it; which call it belongs to is for `ToolCalls` to find out. */
export interface ToolCallPiece {
  /** `null` when the provider gives none. */
  readonly index: number | null
  /** Empty when the provider gives none. */
  readonly id: string
  /** Empty when the provider gives none. */
  readonly name: string
  readonly arguments: string
}

/** What a chunk says that only reports a failure. */
export const FAILURE: NormalisedChunk = {
  text: '',
  reasoning: '',
  toolCalls: [],
  isToken: false,
  finishReason: null,
  usage: null,
  isFailure: true,
}

/**
 * Reads a chunk, or a whole `chat.completion` from a server that does not stream. Tolerant: every field may be missing,
 * `null` or of another type; what is not understood is left out. Roles, names and ids of chunks are not read at all:
 * providers leave them out, repeat them or make them up.
 * @returns `null` when the value is no object, which no provider sends on purpose.
 */
export function normaliseChunk(value: unknown): NormalisedChunk | null {
  const chunk = fieldsOf(value)
  if (!chunk) return null
  const choice = fieldsOf(listOf(chunk['choices'])[0]) ?? {}
  // The delta comes first: Perplexity repeats the whole text so far in a message beside it.
  const delta = fieldsOf(choice['delta']) ?? fieldsOf(choice['message']) ?? {}
  const reason = stringOf(choice['finish_reason'])
  return {
    text: textOf(delta['content']),
    reasoning: reasoningOf(delta),
    toolCalls: listOf(delta['tool_calls']).map(pieceOf),
    isToken: TOKENS.some((name) => isFilled(delta[name])),
    finishReason: reason === '' ? null : (FINISH_REASONS.get(reason) ?? 'stop'),
    usage: normaliseUsage(chunk, choice),
    isFailure: reportsFailure(chunk, choice),
  }
}

/** Where a model's work can show. */
const TOKENS = ['content', 'reasoning_content', 'reasoning', 'reasoning_details', 'tool_calls', 'refusal']

/** Reasons that do not mean a proper end. Whatever else a provider calls its end is a `stop`. */
const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['tool_calls', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['content_filter', 'content_filter'],
])

/** Reasons that mean that the provider gave up. */
const FAILED_REASONS: ReadonlySet<string> = new Set(['error', 'abort', 'insufficient_system_resource'])

/** As a field of the chunk, of Groq's own part of it, of the choice, or as an object that is nothing but an error. */
const reportsFailure = (chunk: Fields, choice: Fields): boolean =>
  Boolean(chunk['error']) ||
  Boolean(fieldsOf(chunk['x_groq'])?.['error']) ||
  Boolean(choice['error']) ||
  FAILED_REASONS.has(stringOf(choice['finish_reason'])) ||
  chunk['object'] === 'error'

/** A string, or a list of parts of which those of type `text` count. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return partsOf(content, 'text')
    .map((part) => stringOf(part['text']))
    .join('')
}

/** From one of two fields, never from both, because some servers fill both alike; or from parts of the content. */
const reasoningOf = (delta: Fields): string =>
  stringOf(delta['reasoning_content']) ||
  stringOf(delta['reasoning']) ||
  partsOf(delta['content'], 'thinking')
    .map((part) => textOf(part['thinking']))
    .join('')

const partsOf = (content: unknown, type: string): readonly Fields[] =>
  listOf(content)
    .map(fieldsOf)
    .filter((part) => part !== undefined)
    .filter((part) => part['type'] === type)

function pieceOf(value: unknown): ToolCallPiece {
  const call = fieldsOf(value) ?? {}
  const made = fieldsOf(call['function']) ?? {}
  const { index } = call
  return {
    index: typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 ? index : null,
    id: idOf(call['id']),
    name: stringOf(made['name']),
    arguments: argumentsOf(made['arguments']),
  }
}

/** Mistral has written the missing id of a piece as the word `null`. */
const idOf = (value: unknown): string => (value === 'null' ? '' : stringOf(value))

/** Text of a JSON object, which some servers send as the object itself. */
const argumentsOf = (value: unknown): string => (fieldsOf(value) ? JSON.stringify(value) : stringOf(value))

const isFilled = (value: unknown): boolean =>
  (typeof value === 'string' || Array.isArray(value)) && value.length > 0
