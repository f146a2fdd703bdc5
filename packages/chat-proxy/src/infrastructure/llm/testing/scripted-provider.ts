import { ModelError, type ModelErrorCode } from '../../../domain/model-error.js'
import type { ChatModel, ModelRequest, ModelSink } from '../../../domain/ports/chat-model.js'
import type { Clock } from '../../../domain/ports/clock.js'
import { AttemptReport } from '../attempt-report.js'

/** What a provider does with one call. */
export type Turn = (sink: ModelSink, signal: AbortSignal) => void | Promise<void>

/** A provider without a network: one turn per call, in order; the last one stays. */
export class ScriptedProvider implements ChatModel {
  readonly isDemo = false
  readonly name: string
  readonly #provider: string
  readonly #clock: Clock
  #turns: Turn[]
  calls = 0

  constructor(provider: string, clock: Clock, ...turns: Turn[]) {
    this.name = `${provider}-model`
    this.#provider = provider
    this.#clock = clock
    this.#turns = turns
  }

  /** What it does from now on. */
  will(...turns: Turn[]): void {
    this.#turns = turns
  }

  async generate(_request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void> {
    this.calls++
    const report = AttemptReport.begin({
      provider: this.#provider,
      model: this.name,
      clock: this.#clock,
      sink,
    })
    const turn = this.#turns.length > 1 ? this.#turns.shift() : this.#turns[0]
    try {
      await turn?.(sink, signal)
    } catch (error) {
      report.failed(error, null)
      throw error
    }
    report.completed(null)
  }
}

export const answers =
  (...words: string[]): Turn =>
  (sink) => {
    for (const word of words) sink.delta(word)
    sink.finish('stop')
  }

export const fails =
  (code: ModelErrorCode, options: { status?: number; retryAfter?: number } = {}, first = ''): Turn =>
  (sink) => {
    if (first !== '') sink.delta(first)
    throw new ModelError(code, `The provider fails with ${code}.`, options)
  }

/** Says nothing until it is stopped. */
export const hangs: Turn = (_sink, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new ModelError('aborted', 'Stopped.')), { once: true })
  })
