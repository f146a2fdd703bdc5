import type { RunError, RunStatus, Usage } from './runs.js'

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

/**
 * One SSE event of `format=openai`: OpenAI's `chat.completion.chunk`, plus what OpenAI has no field for in
 * `colloquy`. The data of the last event is the literal `[DONE]` instead.
 */
export interface ChatCompletionChunk {
  id: string
  object: 'chat.completion.chunk'
  /** Unix time in seconds. */
  created: number
  model: string
  /** Empty on chunks that carry only `usage` or `colloquy`. */
  choices: ChunkChoice[]
  usage?: Usage | null
  colloquy?: StreamExtension
}

export interface ChunkChoice {
  /** Always 0: there is one answer. */
  index: number
  delta: { role?: 'assistant'; content?: string; reasoning_content?: string }
  finish_reason: FinishReason | null
}

/** Present on the first event of every stream (all ids) and on the event that ends the run (`status`). */
export interface StreamExtension {
  run_id: string
  conversation_id: string
  user_message_id: string
  message_id: string
  /** On the terminal event: how the run ended. On a `resync`: how it stands. */
  status?: RunStatus
  title?: string
  /** The answer cannot be begun yet. `position`: 1 for the next; 0: its turn has come. */
  queue?: { position: number }
  suggestions?: string[]
  notice?: string
  error?: RunError
  /** The whole text so far: replace what you have, then go on from this event's cursor. */
  resync?: { content: string }
}

/** `data:` of the event that closes every `format=openai` stream. */
export const DONE = '[DONE]'
