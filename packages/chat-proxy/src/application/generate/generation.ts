import type { FinishReason, TerminalRunStatus, Usage } from '@colloquy/chat-core/protocol'
import type {
  ChatModel,
  Clock,
  Logger,
  Meter,
  ModelMessage,
  ModelSink,
  RunLog,
  RunProgress,
  RunRepository,
  RunSignals,
  TenantDirectory,
  Tracer,
} from '../../domain/ports/index.js'
import type { OpenAttempt, RunAttempt } from '../../domain/run-attempt.js'
import type { Run, RunRef } from '../../domain/run.js'
import type { Seat, Turn } from '../admission/seat.js'
import type { Audience } from '../shared/audience.js'
import type { ConversationContext } from '../shared/conversation-context.js'
import { earlyStopOf } from '../shared/early-stop.js'
import type { Settings } from '../shared/settings.js'
import { AnswerLog } from './answer-log.js'
import { Attempts } from './attempts.js'
import { Checkpointer } from './checkpointer.js'
import type { Checkpoints } from './checkpoints.js'
import type { Leases } from './leases.js'
import { measureEnd } from './measure-end.js'
import { outcomeOfEnd, outcomeOfFailure, SHED, type EndedBy, type Outcome } from './outcome.js'
import { Prompt } from './prompt.js'
import { storeEnd, type AnnouncedEnd } from './store-end.js'

export interface GenerationDeps {
  readonly runs: RunRepository
  readonly log: RunLog
  readonly signals: RunSignals
  readonly tenants: TenantDirectory
  readonly leases: Leases
  readonly checkpoints: Checkpoints
  readonly audience: Audience
  readonly context: ConversationContext
  readonly clock: Clock
  readonly logger: Logger
  readonly meter: Meter
  readonly tracer: Tracer
  readonly settings: Settings
}

export interface GenerationJob {
  /** As it was admitted. */
  readonly run: Run
  readonly model: ChatModel
  /** Of the conversation, told to readers. */
  readonly title: string
  /** Longest answer, in tokens; `null`: as long as the model likes. */
  readonly maxTokens: number | null
}

/**
 * The loop that drives one run from `opened` to `closed`. Every event is in the log before a reader can see it, and the end
 * is durable before it is in the log.
 */
export class Generation {
  readonly #deps: GenerationDeps
  readonly #job: GenerationJob
  readonly #seat: Seat
  #shown: readonly ModelMessage[] | null
  readonly #ref: RunRef
  readonly #log: AnswerLog
  readonly #checkpointer: Checkpointer
  readonly #abort = new AbortController()
  /** Aborts when another process may end the run: this one goes away, or was taken for dead. */
  readonly #leaving = new AbortController()
  #endedBy: EndedBy | null = null
  /** The one that was asked last: of several providers another than the first may have answered. */
  #model: string
  #text = ''
  #firstTextAt: number | null = null
  #usage: Usage | null = null
  readonly #attempts = new Attempts()
  #finishReason: FinishReason | null = null

  /** @param shown what the model is shown, as it stood when the run was admitted; used when it begins at once */
  constructor(deps: GenerationDeps, job: GenerationJob, seat: Seat, shown: readonly ModelMessage[] | null) {
    this.#deps = deps
    this.#job = job
    this.#seat = seat
    this.#shown = shown
    this.#model = job.model.name
    this.#ref = { tenantId: job.run.tenantId, runId: job.run.id }
    this.#log = new AnswerLog(deps.log.writer(this.#ref), deps.clock)
    this.#checkpointer = new Checkpointer(deps.checkpoints, this.#ref, () => this.#progress())
  }

  get tenantId(): string {
    return this.#ref.tenantId
  }

  /** Ends the answer now, with the text it has. The first reason given counts. */
  end(by: EndedBy): void {
    this.#endedBy ??= by
    this.#abort.abort()
    if (by === 'interrupted') this.#leaving.abort()
  }

  /** Resolves when the run has ended, with how. Never rejects. */
  async run(): Promise<TerminalRunStatus> {
    const unsubscribe = this.#onStop(() => this.end('stopped'))
    const unwatch = this.#deps.audience.watch(this.#ref, () => this.#abandon())
    const letGo = this.#deps.leases.hold(this.#ref, () => this.end('interrupted'))
    try {
      this.#log.open(this.#job.run, { model: this.#model, title: this.#job.title })
      const turn = await this.#seat.turn(this.#abort.signal, (position) => this.#wait(position))
      const outcome = turn === 'begin' ? await this.#answer() : this.#unanswered(turn)
      this.#seat.leave()
      unwatch()
      const end = await this.#storeEnd(outcome)
      // Others may look after the run from here on, if this process does not come to tell the end.
      letGo()
      this.#measure(end)
      await this.#publish(end, outcome)
      return end.status
    } finally {
      this.#seat.leave()
      unsubscribe()
      unwatch()
      letGo()
    }
  }

  #onStop(listener: () => void): () => void {
    const { signals } = this.#deps
    const { run } = this.#job
    const subscribed = [this.#ref, earlyStopOf(run, run.id)].map((ref) => signals.onStop(ref, listener))
    return () => subscribed.forEach((unsubscribe) => unsubscribe())
  }

  /** Nobody reads it, and nobody has for a long time. */
  #abandon(): void {
    const { tenantId, id, conversationId } = this.#job.run
    this.#deps.logger.info('stopped an answer that nobody reads', { tenantId, runId: id, conversationId })
    this.end('stopped')
  }

  #unanswered(turn: Exclude<Turn, 'begin'>): Outcome {
    return turn === 'shed' ? SHED : outcomeOfFailure(null, this.#endedBy)
  }

  /** What is deleted meanwhile must not be answered, and a prompt takes memory. */
  #wait(position: number): void {
    this.#shown = null
    this.#log.queued(position)
  }

  async #answer(): Promise<Outcome> {
    try {
      const prompt = new Prompt(await this.#context(), this.#job.maxTokens)
      if (this.#endedBy) return outcomeOfFailure(null, this.#endedBy)
      await this.#job.model.generate(prompt, this.#sink(prompt), this.#abort.signal)
      return outcomeOfEnd(this.#text, this.#finishReason)
    } catch (error) {
      if (!this.#endedBy) this.#warn('the generation failed', error)
      return outcomeOfFailure(error, this.#endedBy)
    }
  }

  #sink(prompt: Prompt): ModelSink {
    return {
      delta: (text) => {
        if (this.#firstTextAt === null) prompt.letGo()
        this.#delta(text)
      },
      reasoning: (text) => this.#log.reasoning(text),
      // A run gives the model no tools.
      toolCall: () => {},
      finish: (reason) => {
        this.#finishReason = reason
      },
      usage: (usage) => {
        this.#usage = usage
      },
      attemptUnderWay: (attempt) => this.#attempt(attempt),
      attempt: (record) => this.#attemptOver(record),
    }
  }

  async #context(): Promise<readonly ModelMessage[]> {
    const shown = this.#shown
    this.#shown = null
    if (shown) return shown
    const { context, tenants } = this.#deps
    const { tenantId, ownerId, userMessageId } = this.#job.run
    const tenant = (await tenants.find(tenantId)) ?? { systemPrompt: '' }
    const messages = await context.messages({ tenantId, ownerId }, tenant, { lastId: userMessageId })
    // Deleted, or given to the user that its visitor turned out to be, in this very moment: better no answer than one to nothing.
    if (!messages) throw new Error('The question is not there any more.')
    return messages
  }

  /** A call that begins is saved before its first word may come: the process may die until then, and the call is made all the same. */
  #attempt(attempt: OpenAttempt): void {
    this.#model = attempt.model
    this.#attempts.underWay(attempt)
    if (attempt.status === null) this.#checkpointer.touchSoon()
    else this.#checkpointer.touch()
  }

  /** One that failed, too: the next may be a wait away. What completed is saved with the end. */
  #attemptOver(record: RunAttempt): void {
    this.#attempts.over(record)
    if (record.outcome !== 'completed') this.#checkpointer.touchSoon()
  }

  #delta(text: string): void {
    this.#text += text
    this.#log.text(text)
    if (this.#firstTextAt !== null) return this.#checkpointer.touch()
    this.#firstTextAt = this.#deps.clock.now()
    this.#checkpointer.touchSoon()
  }

  #progress(): RunProgress {
    return {
      content: this.#text,
      lastSeq: this.#log.lastSeq,
      model: this.#model,
      attempts: this.#attempts.all,
    }
  }

  async #storeEnd(outcome: Outcome): Promise<AnnouncedEnd> {
    await this.#checkpointer.stop()
    if (outcome.finishReason) this.#log.endText(outcome.finishReason)
    const end = {
      status: outcome.status,
      error: outcome.error,
      content: this.#text,
      model: this.#model,
      usage: this.#usage,
      attempts: this.#attempts.ended,
      // `ended` and `closed` are still to come.
      lastSeq: this.#log.lastSeq + 2,
      endedAt: this.#deps.clock.now(),
    }
    return storeEnd(this.#deps, this.#job.run, end, this.#leaving.signal)
  }

  /** Without an end in the log the lease stays, and runs out: then whoever finds the run sees to its log. */
  async #publish(end: AnnouncedEnd, outcome: Outcome): Promise<void> {
    try {
      // When another end was stored before, the reason of this one says nothing about it.
      await this.#log.close(end, end.status === outcome.status ? outcome.finishReason : null)
      if (end.isStored && this.#deps.log.outlivesWriter) await this.#deps.runs.release([this.#ref])
    } catch (error) {
      this.#warn('the end could not be published', error)
    }
  }

  #measure(end: AnnouncedEnd): void {
    const { meter, clock } = this.#deps
    const { run } = this.#job
    const since = this.#firstTextAt
    if (since !== null) meter.observe('first_token', { model: this.#model }, since - run.createdAt)
    measureEnd(meter, run, { ...end, endedAt: clock.now() })
  }

  #warn(message: string, error: unknown): void {
    const { tenantId, id, conversationId } = this.#job.run
    this.#deps.logger.warn(message, { tenantId, runId: id, conversationId, error })
  }
}
