import type { OpenAttempt, RunAttempt } from '../../domain/run-attempt.js'

/** The calls of providers that one run made, the one under way included. */
export class Attempts {
  readonly #ended: RunAttempt[] = []
  #open: OpenAttempt | null = null

  /** It begins, or more is known about it. */
  underWay(attempt: OpenAttempt): void {
    this.#open = attempt
  }

  over(record: RunAttempt): void {
    this.#open = null
    this.#ended.push(record)
  }

  get ended(): readonly RunAttempt[] {
    return this.#ended
  }

  get all(): readonly (RunAttempt | OpenAttempt)[] {
    return this.#open ? [...this.#ended, this.#open] : this.#ended
  }
}
