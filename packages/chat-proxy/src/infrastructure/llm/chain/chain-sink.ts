import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import type { ModelSink, ToolCallDelta } from '../../../domain/ports/chat-model.js'
import type { OpenAttempt, RunAttempt } from '../../../domain/run-attempt.js'

/**
 * Passes on what the providers of a chain say about one answer, and notes when the first of them begins. A run has one
 * count of tokens, that of its last attempt; so it is kept until that is known.
 */
export class ChainSink implements ModelSink {
  readonly #sink: ModelSink
  #onOutput: () => void = () => {}
  #hasOutput = false
  #usage: Usage | null = null

  constructor(sink: ModelSink) {
    this.#sink = sink
  }

  get hasOutput(): boolean {
    return this.#hasOutput
  }

  /** A provider is about to be asked. @param onOutput called before the first piece of output */
  begin(onOutput: () => void): void {
    this.#onOutput = onOutput
    this.#usage = null
  }

  /** No provider will be asked any more. */
  end(): void {
    if (this.#usage) this.#sink.usage(this.#usage)
  }

  delta(text: string): void {
    this.#noteOutput()
    this.#sink.delta(text)
  }

  reasoning(text: string): void {
    this.#noteOutput()
    this.#sink.reasoning(text)
  }

  toolCall(delta: ToolCallDelta): void {
    this.#noteOutput()
    this.#sink.toolCall(delta)
  }

  finish(reason: FinishReason): void {
    this.#sink.finish(reason)
  }

  usage(usage: Usage): void {
    this.#usage = usage
  }

  attemptUnderWay(attempt: OpenAttempt): void {
    this.#sink.attemptUnderWay(attempt)
  }

  attempt(record: RunAttempt): void {
    this.#sink.attempt(record)
  }

  #noteOutput(): void {
    if (this.#hasOutput) return
    this.#hasOutput = true
    this.#onOutput()
  }
}
