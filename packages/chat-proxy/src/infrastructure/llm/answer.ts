import { randomUUID } from 'node:crypto'
import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import { ModelError } from '../../domain/model-error.js'
import type { ModelSink } from '../../domain/ports/chat-model.js'
import { DONE, type AnswerEvent } from './answer-parser.js'
import type { NormalisedChunk } from './normalise-chunk.js'
import { ThinkTags, type ToldApart } from './think-tags.js'
import { ToolCalls } from './tool-calls.js'

/** Passes an answer on as it grows, and keeps what is told only once, at its end. */
export class Answer {
  readonly #sink: ModelSink
  readonly #thinkTags = new ThinkTags()
  readonly #toolCalls = new ToolCalls(() => `call_${randomUUID()}`)
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

  /** The newest count: providers that count on every chunk count up. */
  get usage(): Usage | null {
    return this.#usage
  }

  /** What an event said that said nothing else. */
  addText(text: string): void {
    if (text === '' || this.#isDone) return
    // As it is with nearly all text.
    if (this.#thinkTags.areOver) this.#sink.delta(text)
    else this.#tellText(this.#thinkTags.push(text))
  }

  /** @throws ModelError `broken` when the provider reports a failure in the stream. */
  add(event: AnswerEvent): void {
    if (event === DONE) this.#isDone = true
    // What comes after the last word is not part of the answer.
    if (event === DONE || this.#isDone) return
    if (event.isFailure && !this.isWhole)
      throw new ModelError('broken', 'The model provider reported a failure in the middle of the answer.')
    this.#usage = event.usage ?? this.#usage
    this.#tell(event)
    this.#finishReason ??= event.finishReason
  }

  /** @throws ModelError `broken` when the answer just stopped, or calls a tool without a name. */
  end(): void {
    if (!this.isWhole)
      throw new ModelError('broken', 'The answer of the model provider ended without its end.')
    if (this.#toolCalls.hasNameless)
      throw new ModelError('broken', 'The model provider sent a tool call without a name.')
    this.#tellText(this.#thinkTags.end())
    this.#sink.finish(this.#reason())
  }

  #tell({ text, reasoning, toolCalls }: NormalisedChunk): void {
    if (reasoning !== '') this.#sink.reasoning(reasoning)
    this.addText(text)
    for (const piece of toolCalls) {
      const delta = this.#toolCalls.add(piece)
      if (delta) this.#sink.toolCall(delta)
    }
  }

  #tellText({ reasoning, text }: ToldApart): void {
    if (reasoning !== '') this.#sink.reasoning(reasoning)
    if (text !== '') this.#sink.delta(text)
  }

  /** Some providers call it a `stop`, or nothing at all, when the model waits for the result of a tool. */
  #reason(): FinishReason {
    const reason = this.#finishReason ?? 'stop'
    return reason === 'stop' && this.#toolCalls.count > 0 ? 'tool_calls' : reason
  }
}
