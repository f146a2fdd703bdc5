import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import type { ChatModel, ModelRequest, ModelSink, ToolCallDelta } from '../../domain/ports/chat-model.js'
import type { Clock } from '../../domain/ports/clock.js'
import type { Meter, ProviderLabels } from '../../domain/ports/meter.js'
import type { Span, Tracer } from '../../domain/ports/tracer.js'
import { costOf, type PriceList } from '../../domain/prices.js'
import type { OpenAttempt, RunAttempt } from '../../domain/run-attempt.js'

export interface ObservedModelDeps {
  readonly meter: Meter
  readonly tracer: Tracer
  readonly clock: Clock
  readonly prices: PriceList
}

const MICRO = 1_000_000

/** A model whose calls are measured and traced: how they went, how long they took, what they used and cost. */
export class ObservedModel implements ChatModel {
  readonly name: string
  readonly isDemo: boolean
  readonly #model: ChatModel
  readonly #deps: ObservedModelDeps

  constructor(model: ChatModel, deps: ObservedModelDeps) {
    this.name = model.name
    this.isDemo = model.isDemo
    this.#model = model
    this.#deps = deps
  }

  get candidates(): readonly string[] {
    return this.#model.candidates ?? [this.name]
  }

  get isOff(): boolean {
    return this.#model.isOff === true
  }

  generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void> {
    return this.#deps.tracer.span('upstream attempt', { model: this.name }, (span) =>
      this.#model.generate(request, new ObservedSink(sink, span, this.#deps), signal),
    )
  }
}

/** Passes everything on, and notes the first output and the record of the call. */
class ObservedSink implements ModelSink {
  readonly #sink: ModelSink
  readonly #span: Span
  readonly #deps: ObservedModelDeps
  #firstOutputAt: number | null = null

  constructor(sink: ModelSink, span: Span, deps: ObservedModelDeps) {
    this.#sink = sink
    this.#span = span
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

  attemptUnderWay(attempt: OpenAttempt): void {
    this.#sink.attemptUnderWay(attempt)
  }

  attempt(record: RunAttempt): void {
    this.#measure(record)
    this.#describe(record)
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

  #describe({ provider, model, outcome, status, usage }: RunAttempt): void {
    this.#span.set({
      provider,
      model,
      outcome,
      ...(status !== null && { status }),
      ...(usage && { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens }),
    })
  }

  #measureUse(of: ProviderLabels, usage: Usage): void {
    const { meter, prices } = this.#deps
    meter.add('tokens', { ...of, kind: 'prompt' }, usage.prompt_tokens)
    meter.add('tokens', { ...of, kind: 'completion' }, usage.completion_tokens)
    const price = prices.of(of.model)
    if (price) meter.add('cost_usd', of, costOf(usage, price) / MICRO)
  }
}
