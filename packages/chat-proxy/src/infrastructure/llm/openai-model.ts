import type { ChatModel, ModelRequest, ModelSink } from '../../domain/ports/chat-model.js'
import type { Clock } from '../../domain/ports/clock.js'
import { ModelError } from '../../domain/model-error.js'
import { AnswerReader } from './answer-reader.js'
import { Answer } from './answer.js'
import { AttemptReport } from './attempt-report.js'
import type { ProviderQuirks } from './presets.js'
import { ProviderConnection, type ProviderCall } from './provider-connection.js'
import { requestBody } from './request-body.js'
import type { SilenceLimits } from './silence-watch.js'
import { UpstreamCall } from './upstream-call.js'

/** How long a provider may take, in milliseconds. */
export interface ModelTimeouts extends SilenceLimits {
  /** Until TCP and TLS are ready. */
  readonly connect: number
}

export interface OpenAiModelOptions {
  /** What records call the provider; the name of its preset, where it has one. */
  readonly provider: string
  /** Up to but without `/chat/completions`. */
  readonly baseUrl: string
  /** `null` for a server that asks for none. */
  readonly apiKey: string | null
  readonly model: string
  readonly clock: Clock
  readonly quirks?: ProviderQuirks
  /** Default: 10 s to connect, 60 s to the first token, 30 s between tokens. */
  readonly timeouts?: Partial<ModelTimeouts>
}

const TIMEOUTS: ModelTimeouts = { connect: 10_000, firstToken: 60_000, betweenTokens: 30_000 }
/** Milliseconds to wait for the end of a body after `[DONE]`, so that its connection can be used again. */
const DRAIN = 1000

/** A model behind any OpenAI-compatible endpoint. */
export class OpenAiModel implements ChatModel {
  readonly name: string
  readonly isDemo = false
  readonly #provider: string
  readonly #connection: ProviderConnection
  readonly #clock: Clock
  readonly #quirks: ProviderQuirks
  readonly #timeouts: ModelTimeouts

  /** @throws Error for a base URL or a key that can never work; the message does not hold the key. */
  constructor(options: OpenAiModelOptions) {
    this.name = options.model
    this.#provider = options.provider
    this.#clock = options.clock
    this.#quirks = options.quirks ?? {}
    this.#timeouts = { ...TIMEOUTS, ...options.timeouts }
    this.#connection = new ProviderConnection({ ...options, connectTimeout: this.#timeouts.connect })
  }

  async generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void> {
    const call = new UpstreamCall(signal, this.#clock, this.#timeouts)
    const report = AttemptReport.begin({
      provider: this.#provider,
      model: this.name,
      clock: this.#clock,
      sink,
    })
    const answer = new Answer(sink)
    try {
      await this.#answer(request, call, answer, report)
      answer.end()
    } catch (error) {
      if (error instanceof ModelError && answer.usage) sink.usage(answer.usage)
      report.failed(error, answer.usage)
      throw error
    }
    if (answer.usage) sink.usage(answer.usage)
    report.completed(answer.usage)
  }

  /** Apart: whoever waits for the answer must not keep the question. */
  #post(request: ModelRequest): ProviderCall {
    return this.#connection.post(requestBody(this.name, request, this.#quirks))
  }

  /** Reads as much of the answer as comes. @throws ModelError unless the answer was whole before it failed */
  async #answer(
    request: ModelRequest,
    call: UpstreamCall,
    answer: Answer,
    report: AttemptReport,
  ): Promise<void> {
    try {
      const response = await call.answerTo(this.#post(request))
      report.answering(response.status)
      await new AnswerReader(call, response, answer).read()
      if (answer.isDone) response.body.drain((giveUp) => this.#clock.after(DRAIN, giveUp))
    } catch (error) {
      if (!answer.isWhole || !isUpstreamFailure(error)) throw error
    } finally {
      call.close(answer.isDone)
    }
  }
}

/** A failure of the provider, as opposed to the caller's wish or a fault of the sink. */
const isUpstreamFailure = (error: unknown): boolean => error instanceof ModelError && error.code !== 'aborted'
