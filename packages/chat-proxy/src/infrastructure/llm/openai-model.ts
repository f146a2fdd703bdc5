import { OpenAI } from 'openai'
import type { ChatModel, ModelRequest, ModelSink } from '../../domain/ports/chat-model.js'
import type { Clock } from '../../domain/ports/clock.js'
import { ModelError } from '../../domain/model-error.js'
import { answerParser, type AnswerEvent } from './answer-parser.js'
import { Answer } from './answer.js'
import { AttemptReport } from './attempt-report.js'
import type { ProviderQuirks } from './presets.js'
import { ProviderResponse, providerFetch } from './provider-connection.js'
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
/** The client's own timeout would end long answers; the longest a timer can take switches it off. */
const NO_TIMEOUT = 2 ** 31 - 1
/** Milliseconds to wait for the end of a body after `[DONE]`, so that its connection can be used again. */
const DRAIN = 1000

/**
 * A model behind any OpenAI-compatible endpoint. The openai package makes the request and judges its status; the
 * stream is read by our own loop, which sees `[DONE]` and costs a third per token.
 */
export class OpenAiModel implements ChatModel {
  readonly name: string
  readonly isDemo = false
  readonly #provider: string
  readonly #client: OpenAI
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
    this.#client = openClient(options, this.#timeouts.connect)
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

  /** Reads as much of the answer as comes. @throws ModelError unless the answer was whole before it failed */
  async #answer(
    request: ModelRequest,
    call: UpstreamCall,
    answer: Answer,
    report: AttemptReport,
  ): Promise<void> {
    try {
      const response = await call.step(() => this.#send(request, call.signal))
      report.answering(response.status)
      await pump(call, response, answer)
      if (answer.isDone) response.incoming.drain((giveUp) => this.#clock.after(DRAIN, giveUp))
    } catch (error) {
      if (!answer.isWhole || !isUpstreamFailure(error)) throw error
    } finally {
      call.close(answer.isDone)
    }
  }

  async #send(request: ModelRequest, signal: AbortSignal): Promise<ProviderResponse> {
    const body = requestBody(this.name, request, this.#quirks)
    const response = await this.#client.chat.completions.create(body, { signal }).asResponse()
    if (response instanceof ProviderResponse) return response
    throw new Error('The client does not hand on the answer that it was given.')
  }
}

/**
 * Runs where the bytes come in, so that nothing waits between a token and the log. Failures of the connection and of what came
 * get their names by `step`; what the answer and its sink throw is passed on as it is.
 */
async function pump(call: UpstreamCall, response: ProviderResponse, answer: Answer): Promise<void> {
  const parser = answerParser(response.headers.get('content-type'))
  const faults: unknown[] = []
  const take = (events: readonly AnswerEvent[]): boolean => {
    try {
      for (const event of events) tell(call, event, answer)
    } catch (error) {
      faults.push(error)
    }
    return !answer.isDone && faults.length === 0
  }
  await call.step(() => response.incoming.read((bytes) => take(parser.push(bytes))))
  if (!answer.isDone && faults.length === 0) take(await call.step(async () => parser.end()))
  if (faults.length > 0) throw faults[0]
}

function tell(call: UpstreamCall, event: AnswerEvent, answer: Answer): void {
  if (typeof event === 'object') call.heard(event.isToken)
  answer.add(event)
  // The sink may have stopped the generation by what it was given.
  call.check()
}

/** A failure of the provider, as opposed to the caller's wish or a fault of the sink. */
const isUpstreamFailure = (error: unknown): boolean => error instanceof ModelError && error.code !== 'aborted'

function openClient({ baseUrl, apiKey }: OpenAiModelOptions, connectTimeout: number): OpenAI {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new Error('The base URL of the model must be an http or https URL.')
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey))
    throw new Error('The key of the model is empty or holds characters that no key has.')
  return new OpenAI({
    baseURL: baseUrl,
    // The package wants a key even where none is sent.
    apiKey: apiKey ?? 'none',
    ...(apiKey === null && { defaultHeaders: { authorization: null } }),
    maxRetries: 0,
    timeout: NO_TIMEOUT,
    fetch: providerFetch(connectTimeout),
    logLevel: 'off',
    // Only configuration reads the environment; without these the package would.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
  })
}
