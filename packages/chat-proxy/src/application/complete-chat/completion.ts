import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import type { ModelRequest, ToolCallDelta } from '../../domain/ports/index.js'

/** One call of the model with everything in it, as OpenAI's clients make it. */
export interface CompletionInput extends ModelRequest {
  /** One of `ListModels`. */
  readonly model: string
}

/** A piece of the answer, in the order in which the model gives them; `finish` once, before `usage`, which may be missing. */
export type CompletionEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'tool-call'; readonly delta: ToolCallDelta }
  | { readonly type: 'finish'; readonly reason: FinishReason }
  | { readonly type: 'usage'; readonly usage: Usage }

/** An answer on its way. */
export interface Completion {
  readonly id: string
  readonly model: string
  readonly createdAt: number
  /** To be read once. @throws DomainError of the kinds `model-…`, `shutting-down`, at any place */
  readonly events: AsyncIterable<CompletionEvent>
}
