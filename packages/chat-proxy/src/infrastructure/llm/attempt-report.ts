import type { Usage } from '@colloquy/chat-core/protocol'
import { ModelError } from '../../domain/model-error.js'
import type { Clock } from '../../domain/ports/clock.js'
import type { RunAttempt } from '../../domain/run-attempt.js'

/** Keeps what is to be told of one call of a provider until it is over. */
export class AttemptReport {
  readonly #provider: string
  readonly #model: string
  readonly #clock: Clock
  readonly #startedAt: number
  /** HTTP status of the answer, once there is one. */
  status: number | null = null

  constructor(provider: string, model: string, clock: Clock) {
    this.#provider = provider
    this.#model = model
    this.#clock = clock
    this.#startedAt = clock.now()
  }

  completed(usage: Usage | null): RunAttempt {
    return this.#record('completed', usage)
  }

  /** A fault that is none of the provider's, such as a sink that throws, makes us give up: that is `aborted`. */
  failed(error: unknown, usage: Usage | null): RunAttempt {
    if (!(error instanceof ModelError)) return this.#record('aborted', usage)
    this.status = error.status ?? this.status
    return this.#record(error.code, usage)
  }

  #record(outcome: RunAttempt['outcome'], usage: Usage | null): RunAttempt {
    return {
      provider: this.#provider,
      model: this.#model,
      outcome,
      status: this.status,
      usage,
      startedAt: this.#startedAt,
      endedAt: this.#clock.now(),
    }
  }
}
