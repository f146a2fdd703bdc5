import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import type { ChatModel, ModelRequest, ModelSink, ToolCallDelta } from '../../domain/ports/chat-model.js'
import type { Clock } from '../../domain/ports/clock.js'
import type { Meter, ProviderLabels } from '../../domain/ports/meter.js'
import { costOf, type PriceList } from '../../domain/prices.js'
import type { RunAttempt } from '../../domain/run-attempt.js'

export interface MeteredModelDeps {
  readonly meter: Meter
  readonly clock: Clock
  readonly prices: PriceList
}

const MICRO = 1_000_000

/** A model whose calls are measured: how they went, how long they took, what they used and cost. */
export class MeteredModel implements ChatModel {
  readonly name: string
  readonly isDemo: boolean
  readonly #model: ChatModel
  readonly #deps: MeteredModelDeps

  constructor(model: ChatModel, deps: MeteredModelDeps) {
    this.name = model.name
    this.isDemo = model.isDemo
    this.#model = model
    this.#deps = deps
  }

  get isOff(): boolean {
    return this.#model.isOff === true
  }

  generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void> {
    return this.#model.generate(request, new MeteredSink(sink, this.#deps), signal)
  }
}

/** Passes everything on, and notes the first output and the record of the call. */
class MeteredSink implements ModelSink {
  readonly #sink: ModelSink
  readonly #deps: MeteredModelDeps
  #firstOutputAt: number | null = null

  constructor(sink: ModelSink, deps: MeteredModelDeps) {
    this.#sink = sink
    this.#deps = deps
  }

  delta(text: string): void {
    this.#firstOutputAt ??= this.#deps.clock.now()
    this.#sink.delta(text)
  }

  reasoning(text: string): void {
    this.#firstOutputAt ??= this.#deps.clock.now()
    this.#sink.reasoning(text)
  }

  toolCall(delta: ToolCallDelta): void {
    this.#firstOutputAt ??= this.#deps.clock.now()
    this.#sink.toolCall(delta)
  }

  finish(reason: FinishReason): void {
    this.#sink.finish(reason)
  }

  usage(usage: Usage): void {
    this.#sink.usage(usage)
  }

  attempt(record: RunAttempt): void {
    this.#measure(record)
    this.#sink.attempt(record)
  }

  #measure({ provider, model, outcome, usage, startedAt, endedAt }: RunAttempt): void {
    const { meter } = this.#deps
    const of = { provider, model }
    meter.add('upstream_calls', { ...of, outcome })
    meter.observe('upstream_call', of, endedAt - startedAt)
    if (this.#firstOutputAt !== null)
      meter.observe('upstream_first_token', of, this.#firstOutputAt - startedAt)
    if (usage) this.#measureUse(of, usage)
  }

  #measureUse(of: ProviderLabels, usage: Usage): void {
    const { meter, prices } = this.#deps
    meter.add('tokens', { ...of, kind: 'prompt' }, usage.prompt_tokens)
    meter.add('tokens', { ...of, kind: 'completion' }, usage.completion_tokens)
    const price = prices.of(of.model)
    if (price) meter.add('cost_usd', of, costOf(usage, price) / MICRO)
  }
}
