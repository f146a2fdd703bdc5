import type { Usage } from '@colloquy/chat-core/protocol'
import type { Caller } from '../../domain/caller.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import { DomainError, forgottenVisitor } from '../../domain/errors.js'
import { ModelError } from '../../domain/model-error.js'
import type {
  Clock,
  Ledger,
  Logger,
  ModelMessage,
  ModelRequest,
  ModelSink,
  PersonalData,
  Span,
  TenantDirectory,
  Tracer,
} from '../../domain/ports/index.js'
import type { Arrival } from '../admission/queue-order.js'
import { shed } from '../admission/queue-refusals.js'
import type { ChatGate } from '../admission/chat-gate.js'
import type { RateLimits } from '../admission/rate-limits.js'
import type { RunAttempt } from '../../domain/run-attempt.js'
import type { Tenant } from '../../domain/tenant.js'
import type { Generations, GenerationSlot } from '../generate/generations.js'
import { arrivalOf } from '../shared/arrival.js'
import type { Budget } from '../shared/budget.js'
import { newId } from '../shared/ids.js'
import type { ModelChoice } from '../shared/model-choice.js'
import { reserveFor, type Reserved } from '../shared/reserve.js'
import { requireTenant } from '../shared/require-tenant.js'
import type { Settings } from '../shared/settings.js'
import type { Completion, CompletionEvent, CompletionInput } from './completion.js'
import { EventQueue } from './event-queue.js'
import { failureOf } from './model-failure.js'

export interface CompleteChatDeps {
  readonly modelChoice: ModelChoice
  readonly tenants: TenantDirectory
  readonly ledger: Ledger
  readonly personalData: PersonalData
  readonly budget: Budget
  readonly generations: Generations
  readonly rateLimits: RateLimits
  readonly gate: ChatGate
  readonly clock: Clock
  readonly tracer: Tracer
  readonly logger: Logger
  readonly settings: Settings
}

interface Call {
  readonly completion: Omit<Completion, 'events'>
  readonly request: ModelRequest
  readonly events: EventQueue<CompletionEvent>
  readonly slot: GenerationSlot
  /** The caller went away. */
  readonly signal: AbortSignal
  readonly reserved: Reserved
  readonly span: Span
}

/** How a call went, for the record. */
interface Tally {
  status: 'completed' | 'cancelled' | 'interrupted' | 'failed'
  usage: Usage | null
  /** What the model wrote, for when nobody counts it. */
  content: string
  readonly attempts: RunAttempt[]
}

/**
 * One answer to one request that holds everything, for OpenAI's clients. It is no run: nothing of its content is kept, nobody can come
 * back to it, and it ends with its caller's connection. What it cost is recorded.
 */
export class CompleteChat {
  readonly #deps: CompleteChatDeps

  constructor(deps: CompleteChatDeps) {
    this.#deps = deps
  }

  /**
   * @param signal the caller went away: the model is stopped
   * @throws DomainError `model-not-found`, `message-too-long`, `not-authenticated` for a forgotten visitor, `rate-limited`,
   *   `quota-exceeded`, `overloaded`, `chat-disabled`, `not-allowed`, `shutting-down`; the model is not called then
   */
  async execute(caller: Caller, input: CompletionInput, signal: AbortSignal): Promise<Completion> {
    const { clock, generations, modelChoice } = this.#deps
    const tenant = await requireTenant(this.#deps.tenants, caller)
    this.#deps.gate.assertOpen(caller, tenant)
    modelChoice.requireNamed(tenant, input.model)
    this.#limitText(input.messages)
    const id = newId('chatcmpl')
    generations.assertRoom(arrivalOf(caller, tenant, id))
    if (await this.#deps.personalData.isForgotten(caller)) throw forgottenVisitor()
    await this.#deps.rateLimits.takeMessage(caller)
    const asked = requestOf(tenant, input)
    const call = { id, model: input.model, request: asked, isMessage: true }
    const reserved = await reserveFor(this.#deps, caller, tenant, call)
    const completion = { id, model: reserved.model.name, createdAt: clock.now() }
    const request = reserved.maxTokens === null ? asked : { ...asked, maxTokens: reserved.maxTokens }
    const events = new EventQueue<CompletionEvent>()
    const slot = this.#slot(arrivalOf(caller, tenant, completion.id), reserved)
    const fields = { tenantId: tenant.id, runId: id }
    void this.#deps.tracer.span('completion', fields, (span) =>
      this.#run(caller, { completion, request, events, slot, signal, reserved, span }),
    )
    return { ...completion, events }
  }

  /** As much as a conversation would show the model at most. */
  #limitText(messages: readonly ModelMessage[]): void {
    const { context, maxMessageChars } = this.#deps.settings
    const most = context.messages * maxMessageChars
    const total = messages.reduce((sum, message) => sum + message.content.length, 0)
    if (total <= most) return
    throw new DomainError(
      'message-too-long',
      `The messages have ${total} characters; at most ${most} are accepted. Leave out older ones.`,
      { field: 'messages' },
    )
  }

  /** @throws as `Generations.open`, with nothing left set aside */
  #slot(arrival: Arrival, reserved: Reserved): GenerationSlot {
    try {
      return this.#deps.generations.open(arrival)
    } catch (error) {
      void reserved.settle({ attempts: [], usage: null, content: '' })
      throw error
    }
  }

  /** Never rejects: every failure reaches the reader of `events`. */
  async #run(caller: Caller, call: Call): Promise<void> {
    const { completion, request, events, slot, signal, reserved } = call
    const tally: Tally = { status: 'completed', usage: null, content: '', attempts: [] }
    let failure: unknown = null
    try {
      const either = AbortSignal.any([signal, slot.interrupted])
      const turn = await slot.turn(either)
      if (turn === 'shed') throw shed()
      if (either.aborted) throw new ModelError('aborted', 'The call ended before the model was asked.')
      await reserved.model.generate(request, sinkTo(events, tally), either)
    } catch (error) {
      tally.status = statusOf(call)
      failure = tally.status === 'interrupted' ? slot.interrupted.reason : failureOf(error)
      if (tally.status === 'failed') {
        this.#warn(caller, error)
        call.span.fail('failed')
      }
    }
    // Before the caller hears of the end: what it cost is not lost when the process dies in between.
    // In one with its record: as long as something is set aside for it, the caller's erasure waits for what it leaves behind.
    await reserved.settle(tally, this.#ended(caller, completion, tally))
    if (failure === null) events.end()
    else events.fail(failure)
    slot.release()
  }

  #warn({ tenantId }: Caller, error: unknown): void {
    this.#deps.logger.warn('a completion failed', { tenantId, error })
  }

  #ended({ tenantId, subject: actor }: Caller, { id, model }: Call['completion'], tally: Tally): DomainEvent {
    const { status, usage, attempts } = tally
    const data = {
      model,
      status,
      attempts: attempts.length,
      promptTokens: usage?.prompt_tokens ?? null,
      completionTokens: usage?.completion_tokens ?? null,
      totalTokens: usage?.total_tokens ?? null,
    }
    return { tenantId, type: 'completion.ended', subjectId: id, actor, at: this.#deps.clock.now(), data }
  }
}

/** What the operator tells the model comes first, on every way to it. */
function requestOf(
  { systemPrompt }: Tenant,
  { messages, tools, toolChoice, parameters }: CompletionInput,
): ModelRequest {
  const system: readonly ModelMessage[] =
    systemPrompt === '' ? [] : [{ role: 'system', content: systemPrompt }]
  return {
    messages: [...system, ...messages],
    ...(tools && { tools }),
    ...(toolChoice && { toolChoice }),
    ...(parameters && { parameters }),
  }
}

function statusOf({ signal, slot }: Call): Tally['status'] {
  if (signal.aborted) return 'cancelled'
  return slot.interrupted.aborted ? 'interrupted' : 'failed'
}

const sinkTo = (events: EventQueue<CompletionEvent>, tally: Tally): ModelSink => ({
  delta: (text) => {
    tally.content += text
    events.push({ type: 'text', text })
  },
  reasoning: (text) => events.push({ type: 'reasoning', text }),
  toolCall: (delta) => events.push({ type: 'tool-call', delta }),
  finish: (reason) => events.push({ type: 'finish', reason }),
  usage: (usage) => {
    tally.usage = usage
    events.push({ type: 'usage', usage })
  },
  attemptUnderWay: () => {},
  attempt: (attempt) => void tally.attempts.push(attempt),
})
