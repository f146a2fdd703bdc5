import { ModelError } from '../../domain/model-error.js'
import type { Clock } from '../../domain/ports/clock.js'
import { toModelError } from './model-failure.js'
import type { ProviderAnswer, ProviderCall } from './provider-connection.js'
import { SilenceWatch, type Silence, type SilenceLimits } from './silence-watch.js'

const SILENCE_MESSAGES: Record<Silence, string> = {
  'timeout-first-token': 'The model provider did not begin to answer in time.',
  'timeout-between-tokens': 'The model provider fell silent in the middle of the answer.',
}

/** One request under way: what may end it, and what its end is called. */
export class UpstreamCall {
  readonly #caller: AbortSignal
  readonly #clock: Clock
  readonly #watch: SilenceWatch
  /** Holds the socket. */
  #call: ProviderCall | null = null
  /** Of the caller: to ask a signal that is made of others costs too much for every token. */
  #isGivenUp = false
  readonly #giveUp = (): void => {
    this.#isGivenUp = true
    this.#call?.abort()
  }

  /** @throws ModelError `aborted` when the caller's signal has aborted already. */
  constructor(caller: AbortSignal, clock: Clock, limits: SilenceLimits) {
    if (caller.aborted) throw aborted()
    this.#caller = caller
    this.#clock = clock
    this.#watch = new SilenceWatch(clock, limits, () => this.#call?.abort())
    caller.addEventListener('abort', this.#giveUp, { once: true })
  }

  /** The answer to a request that has just been made. @throws as `step` */
  answerTo(call: ProviderCall): Promise<ProviderAnswer> {
    this.#call = call
    // Whoever was told of the request may have stopped it before it was made.
    if (this.#isGivenUp) call.abort()
    return this.step(call.answer)
  }

  /** Waits for one step of input or output. @throws ModelError for every failure of it, and when the caller gave up meanwhile. */
  step<T>(work: Promise<T>): Promise<T> {
    return work.then(
      (result) => {
        this.check()
        return result
      },
      (error: unknown) => {
        throw this.#named(error)
      },
    )
  }

  /** @throws ModelError `aborted` when the caller gave up. */
  check(): void {
    if (this.#isGivenUp) throw aborted()
  }

  heard(isToken: boolean): void {
    this.#watch.heard(isToken)
  }

  /** Lets go of timers and listeners, and of the socket unless the answer was read to its end. */
  close(isComplete: boolean): void {
    this.#watch.stop()
    this.#caller.removeEventListener('abort', this.#giveUp)
    if (!isComplete) this.#call?.abort()
  }

  #named(error: unknown): ModelError {
    if (this.#isGivenUp) return aborted()
    const { silence } = this.#watch
    if (silence) return new ModelError(silence, SILENCE_MESSAGES[silence])
    return toModelError(error, this.#clock.now())
  }
}

const aborted = (): ModelError => new ModelError('aborted', 'The generation was stopped.')
