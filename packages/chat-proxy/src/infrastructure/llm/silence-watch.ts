import type { ModelErrorCode } from '../../domain/model-error.js'
import type { Clock } from '../../domain/ports/clock.js'

export interface SilenceLimits {
  /** Milliseconds from the call to the first token, connecting included. */
  readonly firstToken: number
  /** Milliseconds between two chunks after the first token. */
  readonly betweenTokens: number
}

export type Silence = Extract<ModelErrorCode, 'timeout-first-token' | 'timeout-between-tokens'>

/** Watches for a provider that stops talking. One timer in all: hearing a chunk only notes the time. */
export class SilenceWatch {
  readonly #clock: Clock
  readonly #limits: SilenceLimits
  readonly #onSilence: () => void
  #heardAt: number
  #hasToken = false
  #cancel: () => void
  #silence: Silence | null = null
  #isDue = false

  constructor(clock: Clock, limits: SilenceLimits, onSilence: () => void) {
    this.#clock = clock
    this.#limits = limits
    this.#onSilence = onSilence
    this.#heardAt = clock.now()
    this.#cancel = clock.after(limits.firstToken, () => this.#look())
  }

  /** Which limit was passed, once one was. */
  get silence(): Silence | null {
    return this.#silence
  }

  /** Notes a chunk. Until the first token, chunks without one (a role, a keep-alive) do not count. */
  heard(isToken: boolean): void {
    if (!this.#hasToken && !isToken) return
    this.#heardAt = this.#clock.now()
    if (this.#hasToken) return
    this.#hasToken = true
    this.stop()
    this.#cancel = this.#clock.after(this.#limits.betweenTokens, () => this.#look())
  }

  stop(): void {
    this.#cancel()
    this.#isDue = false
  }

  #left(): number {
    const limit = this.#hasToken ? this.#limits.betweenTokens : this.#limits.firstToken
    return this.#heardAt + limit - this.#clock.now()
  }

  #look(): void {
    const left = this.#left()
    if (left > 0) {
      this.#cancel = this.#clock.after(left, () => this.#look())
      return
    }
    // Words may have come while this process stood still: they are read before the verdict.
    this.#isDue = true
    this.#clock.soon(() => this.#judge())
  }

  #judge(): void {
    if (!this.#isDue) return
    this.#isDue = false
    if (this.#left() > 0) return this.#look()
    this.#silence = this.#hasToken ? 'timeout-between-tokens' : 'timeout-first-token'
    this.#onSilence()
  }
}
