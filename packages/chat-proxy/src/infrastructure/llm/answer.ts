import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import { ModelError } from '../../domain/model-error.js'
import type { ModelSink } from '../../domain/ports/chat-model.js'
import { DONE, type AnswerEvent } from './answer-stream.js'

/** Passes an answer on as it grows, and keeps what is told only once, at its end. */
export class Answer {
  readonly #sink: ModelSink
  #finishReason: FinishReason | null = null
  #usage: Usage | null = null
  #isDone = false

  constructor(sink: ModelSink) {
    this.#sink = sink
  }

  /** The provider said `[DONE]`: nothing more is to be read. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** The provider ended the answer properly; whatever fails now, the answer is whole. */
  get isWhole(): boolean {
    return this.#isDone || this.#finishReason !== null
  }

  /** @throws ModelError `broken` when the provider reports a failure in the stream. */
  add(event: AnswerEvent): void {
    if (event === DONE) this.#isDone = true
    // What comes after the last word is not part of the answer.
    if (event === DONE || this.#isDone) return
    if (event.isFailure && !this.isWhole)
      throw new ModelError('broken', 'The model provider reported a failure in the middle of the answer.')
    if (event.text !== '') this.#sink.delta(event.text)
    this.#finishReason ??= event.finishReason
    this.#usage = event.usage ?? this.#usage
  }

  /** @throws ModelError `broken` when the answer just stopped. */
  end(): void {
    if (!this.isWhole)
      throw new ModelError('broken', 'The answer of the model provider ended without its end.')
    this.#sink.finish(this.#finishReason ?? 'stop')
    if (this.#usage) this.#sink.usage(this.#usage)
  }
}
