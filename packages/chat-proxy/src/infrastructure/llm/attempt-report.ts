import type { Usage } from '@colloquy/chat-core/protocol'
import { ModelError } from '../../domain/model-error.js'
import type { ModelSink } from '../../domain/ports/chat-model.js'
import type { Clock } from '../../domain/ports/clock.js'
import type { RunAttempt } from '../../domain/run-attempt.js'

export interface AttemptReportOptions {
  readonly provider: string
  readonly model: string
  readonly clock: Clock
  readonly sink: Pick<ModelSink, 'attempt' | 'attemptUnderWay'>
}

/** Tells the sink of one call of a provider, from its beginning to its end. */
export class AttemptReport {
  readonly #options: AttemptReportOptions
  readonly #startedAt: number
  /** HTTP status of the answer, once there is one. */
  #status: number | null = null

  private constructor(options: AttemptReportOptions) {
    this.#options = options
    this.#startedAt = options.clock.now()
  }

  /** The call is about to be made. */
  static begin(options: AttemptReportOptions): AttemptReport {
    const report = new AttemptReport(options)
    report.#tellUnderWay()
    return report
  }

  /** The answer has begun. */
  answering(status: number): void {
    this.#status = status
    this.#tellUnderWay()
  }

  completed(usage: Usage | null): void {
    this.#tellEnd('completed', usage)
  }

  /** A fault that is none of the provider's, such as a sink that throws, makes us give up: that is `aborted`. */
  failed(error: unknown, usage: Usage | null): void {
    if (!(error instanceof ModelError)) return this.#tellEnd('aborted', usage)
    this.#status = error.status ?? this.#status
    this.#tellEnd(error.code, usage, error.retryAfter)
  }

  #tellUnderWay(): void {
    this.#options.sink.attemptUnderWay({ ...this.#begun(), outcome: null, usage: null, endedAt: null })
  }

  #tellEnd(outcome: RunAttempt['outcome'], usage: Usage | null, retryAfter?: number): void {
    this.#options.sink.attempt({
      ...this.#begun(),
      outcome,
      usage,
      ...(retryAfter !== undefined && { retryAfter }),
      endedAt: this.#options.clock.now(),
    })
  }

  #begun() {
    const { provider, model } = this.#options
    return { provider, model, status: this.#status, startedAt: this.#startedAt }
  }
}
