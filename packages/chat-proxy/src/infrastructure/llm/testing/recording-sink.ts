import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import type { ModelSink, ToolCall, ToolCallDelta } from '../../../domain/ports/chat-model.js'
import type { OpenAttempt, RunAttempt } from '../../../domain/run-attempt.js'

/** Writes down what a model says, in order, and lets a test wait for the first words. */
export class RecordingSink implements ModelSink {
  readonly deltas: string[] = []
  readonly finishes: FinishReason[] = []
  readonly usages: Usage[] = []
  readonly toolCalls: ToolCallDelta[] = []
  readonly attempts: RunAttempt[] = []
  /** What was told of each call while it was under way. */
  readonly underWay: OpenAttempt[] = []
  thoughts = ''
  /** The kinds of calls that belong to the answer, in order. */
  readonly calls: string[] = []
  #heard: () => void = () => {}
  /** Resolves with the first delta. */
  readonly firstDelta = new Promise<void>((resolve) => (this.#heard = resolve))
  readonly #onDelta: (text: string) => void

  constructor(onDelta: (text: string) => void = () => {}) {
    this.#onDelta = onDelta
  }

  get text(): string {
    return this.deltas.join('')
  }

  /** The calls of tools, put together from their pieces. */
  get wholeToolCalls(): ToolCall[] {
    return this.toolCalls
      .filter(({ index }, at, all) => all.findIndex((piece) => piece.index === index) === at)
      .map(({ index, id, name }) => ({
        id,
        name,
        arguments: this.toolCalls
          .filter((piece) => piece.index === index)
          .map(({ argumentsDelta }) => argumentsDelta)
          .join(''),
      }))
  }

  delta(text: string): void {
    this.calls.push('delta')
    this.deltas.push(text)
    this.#heard()
    this.#onDelta(text)
  }

  reasoning(text: string): void {
    this.calls.push('reasoning')
    this.thoughts += text
  }

  toolCall(delta: ToolCallDelta): void {
    this.calls.push('toolCall')
    this.toolCalls.push(delta)
  }

  finish(reason: FinishReason): void {
    this.calls.push('finish')
    this.finishes.push(reason)
  }

  usage(usage: Usage): void {
    this.calls.push('usage')
    this.usages.push(usage)
  }

  attemptUnderWay(attempt: OpenAttempt): void {
    this.underWay.push(attempt)
  }

  attempt(record: RunAttempt): void {
    this.attempts.push(record)
  }
}
