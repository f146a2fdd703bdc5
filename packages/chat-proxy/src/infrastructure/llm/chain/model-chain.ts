import { ModelError, type ModelErrorCode } from '../../../domain/model-error.js'
import type { ChatModel, ModelRequest, ModelSink } from '../../../domain/ports/chat-model.js'
import type { Clock } from '../../../domain/ports/clock.js'
import { sleep } from '../../time/sleep.js'
import type { BreakerOptions } from './breaker-state.js'
import { CircuitBreaker, type BreakerPass, type BreakerView } from './circuit-breaker.js'
import { ChainSink } from './chain-sink.js'
import {
  CHAIN_START,
  nextAttempt,
  RETRY_DEFAULTS,
  type ChainPlace,
  type NextAttempt,
  type RetryPolicy,
} from './next-attempt.js'
import { isProviderFault } from './provider-fault.js'

export interface ChainProvider {
  /** For records and for people, such as `openai`. */
  readonly name: string
  readonly model: ChatModel
  /** Shared with other chains that ask this provider. Default: one of its own. */
  readonly breaker?: CircuitBreaker
}

export interface ModelChainOptions {
  /** In the order in which they are asked. */
  readonly providers: readonly [ChainProvider, ...ChainProvider[]]
  readonly clock: Clock
  readonly retry?: Partial<RetryPolicy>
  readonly breaker?: Partial<BreakerOptions>
  /** Called before a provider is asked again, or the next one, because this one failed. */
  readonly onRetry?: (failed: { readonly provider: string; readonly model: string }) => void
  /** From 0 to 1, 1 excluded. Default `Math.random`. */
  readonly random?: () => number
}

/** How one provider of a chain stands. */
export interface ProviderHealth extends BreakerView {
  readonly provider: string
  readonly model: string
}

interface Link extends ChainProvider {
  readonly breaker: CircuitBreaker
}

interface Failure {
  readonly error: ModelError
  /** False when the breaker was open. */
  readonly wasCalled: boolean
}

/**
 * Several providers as one model. A failure that proves that no model ran is tried again, first with the same provider,
 * then with the next; from the first piece of output on the answer belongs to the provider that began it.
 */
export class ModelChain implements ChatModel {
  readonly name: string
  readonly isDemo: boolean
  readonly #links: readonly Link[]
  readonly #clock: Clock
  readonly #policy: RetryPolicy
  readonly #random: () => number
  readonly #onRetry: NonNullable<ModelChainOptions['onRetry']>

  constructor(options: ModelChainOptions) {
    const { providers, clock, retry, breaker } = options
    const [{ model }] = providers
    this.name = model.name
    this.isDemo = model.isDemo
    this.#links = providers.map((provider) => ({
      ...provider,
      breaker: provider.breaker ?? new CircuitBreaker(clock, breaker),
    }))
    this.#clock = clock
    this.#policy = { ...RETRY_DEFAULTS, ...retry }
    this.#random = options.random ?? Math.random
    this.#onRetry = options.onRetry ?? (() => {})
  }

  get candidates(): readonly string[] {
    return this.#links.map(({ model }) => model.name)
  }

  get isOff(): boolean {
    return this.#links.every(({ model }) => model.isOff === true)
  }

  /** Each provider, in the order in which they are asked. */
  get health(): readonly ProviderHealth[] {
    return this.#links.map(({ name, model, breaker }) => ({
      provider: name,
      model: model.name,
      ...breaker.view,
    }))
  }

  /**
   * @throws ModelError `switched-off` only when every provider is, `rejected` only when all others refused; otherwise the last failure that
   *   was neither
   */
  async generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void> {
    const told = new ChainSink(sink)
    const error = await this.#answer(request, told, signal)
    told.end()
    if (error) throw error
  }

  /** @returns the failure that is final, `null` when a provider gave its whole answer. */
  async #answer(request: ModelRequest, sink: ChainSink, signal: AbortSignal): Promise<ModelError | null> {
    let place: ChainPlace = CHAIN_START
    let final: ModelError | null = null
    while (!signal.aborted) {
      const failure = await this.#ask(place, request, sink, signal)
      if (!failure) return null
      if (sink.hasOutput) return failure.error
      final = moreTelling(final, failure.error)
      const next = this.#next(place, failure)
      if (!next) return final
      this.#tellRetry(place, failure)
      if (next.wait > 0) await sleep(this.#clock, next.wait, signal)
      place = next.place
    }
    return new ModelError('aborted', 'The generation was stopped.')
  }

  /** One that was left alone has not failed now. */
  #tellRetry({ provider }: ChainPlace, { wasCalled }: Failure): void {
    const link = this.#links[provider]
    if (link && wasCalled) this.#onRetry({ provider: link.name, model: link.model.name })
  }

  #next(place: ChainPlace, { error, wasCalled }: Failure): NextAttempt | null {
    const failed = { code: error.code, retryAfter: error.retryAfter, wasCalled }
    const random = this.#random()
    return nextAttempt(place, failed, this.#links.length, { policy: this.#policy, random })
  }

  async #ask(
    { provider }: ChainPlace,
    request: ModelRequest,
    sink: ChainSink,
    signal: AbortSignal,
  ): Promise<Failure | null> {
    const link = this.#links[provider]
    if (!link) throw new RangeError('The chain has no such provider.')
    const pass = link.breaker.enter()
    if (!pass) return { error: leftAlone(link), wasCalled: false }
    sink.begin(() => pass.answering())
    try {
      await link.model.generate(request, sink, signal)
      pass.succeeded()
      return null
    } catch (error) {
      settle(pass, error)
      // A fault of the sink, or of our own: no provider can help.
      if (!(error instanceof ModelError)) throw error
      return { error, wasCalled: true }
    }
  }
}

/** Of two failures in a row. A provider that was switched off while others were asked is no reason for anything. */
function moreTelling(before: ModelError | null, now: ModelError): ModelError {
  if (!before || before.code === 'switched-off') return now
  return now.code === 'rejected' || now.code === 'switched-off' ? before : now
}

/** Failures that say nothing about the provider. */
const IS_OURS: ReadonlySet<ModelErrorCode> = new Set(['aborted', 'switched-off'])

function settle(pass: BreakerPass, error: unknown): void {
  if (!(error instanceof ModelError) || IS_OURS.has(error.code)) pass.abandoned()
  else if (isProviderFault(error)) pass.failed()
  else pass.succeeded()
}

function leftAlone({ name, breaker }: Link): ModelError {
  const { wait } = breaker.view
  const message = `The model provider ${name} failed too often in a row and is left alone for a while.`
  return new ModelError('unavailable', message, wait > 0 ? { retryAfter: wait } : {})
}
