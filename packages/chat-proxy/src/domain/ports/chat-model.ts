import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import type { OpenAttempt, RunAttempt } from '../run-attempt.js'

export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant'
      /** Empty for a message that only calls tools. */
      readonly content: string
      readonly toolCalls?: readonly ToolCall[]
    }
  /** What a tool gave back to the call of this id. */
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string }

/** A call of a tool by the model, complete. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  /** JSON as the model wrote it; nothing says that it is valid or fits the tool. */
  readonly arguments: string
}

/** A tool that the model may ask for. Calling it is up to whoever made the request. */
export interface ModelTool {
  readonly name: string
  readonly description?: string
  /** JSON Schema of the arguments. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** The arguments must fit the schema exactly. */
  readonly strict?: boolean
}

/**
 * Wishes about the answer, named and meant as in OpenAI's contract and passed on as they are. A provider that does not know
 * one may refuse the request.
 */
export interface ModelParameters {
  readonly temperature?: number
  readonly top_p?: number
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
  readonly stop?: string | readonly string[]
  readonly seed?: number
  readonly frequency_penalty?: number
  readonly presence_penalty?: number
  readonly logit_bias?: Readonly<Record<string, number>>
  readonly parallel_tool_calls?: boolean
  readonly reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'
  readonly verbosity?: 'low' | 'medium' | 'high'
  readonly response_format?: ModelResponseFormat
  readonly user?: string
}

export type ModelResponseFormat =
  | { readonly type: 'text' | 'json_object' }
  | { readonly type: 'json_schema'; readonly json_schema: Readonly<Record<string, unknown>> }

export interface ModelRequest {
  readonly messages: readonly ModelMessage[]
  readonly tools?: readonly ModelTool[]
  /** Default: the model decides. An object names the tool that must be called. */
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string }
  readonly parameters?: ModelParameters
  /** The answer may have so many tokens at most, whatever `parameters` say. Every provider is told under the name that it knows. */
  readonly maxTokens?: number
}

/** A piece of a tool call. */
export interface ToolCallDelta {
  /** The call's place in the answer: 0, 1, 2, … in the order in which the calls begin. */
  readonly index: number
  /** The same on every piece of a call, unique within the answer, never empty. */
  readonly id: string
  /** The same on every piece of a call, never empty. */
  readonly name: string
  /** To append to the arguments; empty on a piece that only announces the call. */
  readonly argumentsDelta: string
}

/**
 * Receives an answer while it is made. Calls come in order; none comes after `generate` settled. Text, reasoning and tool
 * calls are the output; before its first piece another provider may still take over, afterwards never.
 */
export interface ModelSink {
  /** Text to append, never empty. */
  delta(text: string): void
  /** What the model thinks before and between what it says, never empty. It is no part of the answer. */
  reasoning(text: string): void
  toolCall(delta: ToolCallDelta): void
  /** At most once, after all output, and only when the answer is whole. */
  finish(reason: FinishReason): void
  /** At most once; the provider's own count, also of an answer that failed or was stopped, where it is known. */
  usage(usage: Usage): void
  /** When a call of a provider begins, and again when the status of its answer is known. */
  attemptUnderWay(attempt: OpenAttempt): void
  /** Once for every call of a provider, when it is over, and before `generate` settles. */
  attempt(record: RunAttempt): void
}

/** A language model behind some provider. */
export interface ChatModel {
  /** The model's name as the provider knows it, for records and for people. Of several, the one that is asked first. */
  readonly name: string
  /** Every model that may answer, by the names that their providers know. Left out: `name` alone. */
  readonly candidates?: readonly string[]
  /** True for the built-in scripted model. */
  readonly isDemo: boolean
  /** True while the operator has it switched off, so that asking would fail. Left out: it is on. */
  readonly isOff?: boolean
  /**
   * Generates one answer into `sink`. Resolves when the provider ended it properly.
   * @throws ModelError for every failure; `aborted` within 100 ms of `signal`, with the upstream socket closed.
   */
  generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void>
}
