import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import { ModelError } from '../../domain/model-error.js'
import type { ChatModel, ModelRequest, ModelSink, ToolCallDelta } from '../../domain/ports/index.js'
import type { OpenAttempt, RunAttempt } from '../../domain/run-attempt.js'

/** One call of the model, played by the test. */
export class ScriptedCall {
  /** As it was asked. */
  readonly request: ModelRequest
  readonly signal: AbortSignal
  readonly settled: Promise<void>
  readonly #sink: ModelSink
  #turns: Promise<void> = Promise.resolve()
  #isOver = false
  #resolve: () => void = () => {}
  #reject: (error: unknown) => void = () => {}

  constructor(request: ModelRequest, sink: ModelSink, signal: AbortSignal) {
    this.request = { ...request }
    this.signal = signal
    this.#sink = sink
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    const abort = (): void => {
      this.#isOver = true
      this.#reject(new ModelError('aborted', 'aborted'))
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  }

  say(...texts: readonly string[]): this {
    for (const text of texts) this.#next(() => this.#sink.delta(text))
    return this
  }

  think(...texts: readonly string[]): this {
    for (const text of texts) this.#next(() => this.#sink.reasoning(text))
    return this
  }

  call(delta: ToolCallDelta): this {
    this.#next(() => this.#sink.toolCall(delta))
    return this
  }

  /** A call of a provider that has begun. */
  begin(attempt: OpenAttempt): this {
    this.#next(() => this.#sink.attemptUnderWay(attempt))
    return this
  }

  /** The record of a call of a provider. */
  attempt(record: RunAttempt): this {
    this.#next(() => this.#sink.attempt(record))
    return this
  }

  /** What the test does at this place of the answer. */
  meanwhile(step: () => void): this {
    this.#next(step)
    return this
  }

  end(reason: FinishReason = 'stop', usage?: Usage): void {
    this.#next(() => {
      this.#sink.finish(reason)
      if (usage) this.#sink.usage(usage)
      this.#resolve()
    })
  }

  fail(error: unknown): void {
    this.#next(() => this.#reject(error))
  }

  /** Each piece in a turn of its own, as a network brings them; what comes in one turn is one event. */
  #next(step: () => void): void {
    this.#turns = this.#after(this.#turns, step)
  }

  async #after(before: Promise<void>, step: () => void): Promise<void> {
    await before
    if (!this.#isOver) step()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A model that does what the test says: by `script` for every call, or by hand through `nextCall`. */
export class ScriptedModel implements ChatModel {
  readonly name: string
  readonly isDemo = false
  readonly calls: ScriptedCall[] = []
  script: ((call: ScriptedCall) => void) | null = null
  #taken = 0
  #waiting: (() => void)[] = []

  constructor(name = 'scripted-1') {
    this.name = name
  }

  generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void> {
    const call = new ScriptedCall(request, sink, signal)
    this.calls.push(call)
    for (const wake of this.#waiting.splice(0)) wake()
    this.script?.(call)
    return call.settled
  }

  /** The next call that no test code has taken yet, once it is there. */
  async nextCall(): Promise<ScriptedCall> {
    for (;;) {
      const call = this.calls[this.#taken]
      if (call) {
        this.#taken += 1
        return call
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }
}

export const USAGE: Usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }

/** Answers every question at once with these pieces. */
export const answering =
  (...pieces: readonly string[]) =>
  (call: ScriptedCall): void =>
    call.say(...pieces).end('stop', USAGE)
