import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[]
}

/** Receives an answer while it is made. Calls come in order; none comes after `generate` settled. */
export interface ModelSink {
  /** Text to append, never empty. */
  delta(text: string): void
  /** At most once. */
  finish(reason: FinishReason): void
  /** At most once; the provider's own count. */
  usage(usage: Usage): void
}

/** A language model behind some provider. */
export interface ChatModel {
  /** The model's name as the provider knows it, for records and for people. */
  readonly name: string
  /** True for the built-in scripted model. */
  readonly isDemo: boolean
  /**
   * Generates one answer into `sink`. Resolves when the provider ended it properly.
   * @throws ModelError for every failure; `aborted` within 100 ms of `signal`, with the upstream socket closed.
   */
  generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void>
}
