import type { Caller } from '../../domain/caller.js'
import { titleFrom, type Conversation } from '../../domain/conversation.js'
import { conversationIdTaken, DomainError } from '../../domain/errors.js'
import type {
  Clock,
  ConversationRepository,
  Meter,
  ModelMessage,
  Naming,
  RunRepository,
  TenantDirectory,
} from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'
import type { Tenant } from '../../domain/tenant.js'
import type { ChatGate } from '../admission/chat-gate.js'
import type { RateLimits } from '../admission/rate-limits.js'
import type { Generations } from '../generate/generations.js'
import { arrivalOf } from '../shared/arrival.js'
import type { Budget } from '../shared/budget.js'
import type { ConversationContext } from '../shared/conversation-context.js'
import { exchangeOf, type Exchange } from '../shared/exchange.js'
import { requireConversation } from '../shared/find-owned.js'
import { newId } from '../shared/ids.js'
import type { ModelChoice } from '../shared/model-choice.js'
import { createdEvent } from '../shared/new-conversation.js'
import { ownerOf } from '../shared/owner.js'
import { requireTenant } from '../shared/require-tenant.js'
import type { Settings } from '../shared/settings.js'
import { updatedEvent } from '../update-conversation/updated-event.js'
import { admissionOf, requestDigest } from './admission.js'
import type { SendMessageInput } from './input.js'
import { placementOf, questionOf, type Placement } from './placement.js'

export interface SentMessage {
  readonly run: Run
  /** False when the run was there before: nothing was generated for this call. */
  readonly admitted: boolean
  /** A conversation was opened with it. */
  readonly hasOpened: boolean
}

/** That the limits let this run through. */
export interface Permit {
  readonly runId: string
}

export interface HowToSend {
  /** For this run; without it, leave is asked for here. */
  readonly permit?: Permit
  /** Stored together with the question unless the caller has a conversation of its id: whatever is refused leaves none behind. */
  readonly opening?: Conversation
}

export interface SendMessageDeps {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly generations: Generations
  readonly rateLimits: RateLimits
  readonly gate: ChatGate
  readonly tenants: TenantDirectory
  readonly budget: Budget
  readonly modelChoice: ModelChoice
  readonly context: ConversationContext
  readonly clock: Clock
  readonly meter: Meter
  readonly settings: Settings
}

/**
 * Admits a question: stores it with its empty answer and starts the generation, exactly once per run id. The answer is
 * read with `FollowRun` or `WaitForRun`, by this caller or another one of the same owner.
 */
export class SendMessage {
  readonly #deps: SendMessageDeps

  constructor(deps: SendMessageDeps) {
    this.#deps = deps
  }

  /**
   * Leave to ask a question that is not known yet, for whoever has something to look up before it. What costs least is looked at
   * first: whoever finds no room touches no store.
   * @throws DomainError `shutting-down`, `chat-disabled`, `not-allowed`, `overloaded`, `rate-limited`
   */
  async permit(caller: Caller, runId: string): Promise<Permit> {
    const tenant = await requireTenant(this.#deps.tenants, caller)
    this.#deps.gate.assertOpen(caller, tenant)
    this.#deps.generations.assertRoom(arrivalOf(caller, tenant, runId))
    await this.#deps.rateLimits.takeMessage(caller)
    return { runId }
  }

  /**
   * @throws DomainError `invalid-input`, `message-too-long`, `conversation-not-found`, `message-not-found`,
   *   `id-already-used`, `rate-limited`, `quota-exceeded`, `overloaded`, `chat-disabled`, `not-allowed`, `shutting-down`; nothing is stored then
   */
  async execute(caller: Caller, request: SendMessageInput, how: HowToSend = {}): Promise<SentMessage> {
    const sent = await this.#send(caller, request, how)
    this.#deps.meter.add('questions', { outcome: sent.admitted ? 'admitted' : 'repeated' })
    return sent
  }

  async #send(
    caller: Caller,
    request: SendMessageInput,
    { permit, opening }: HowToSend,
  ): Promise<SentMessage> {
    const question = questionOf(request, this.#deps.settings.maxMessageChars)
    const { runId } = request
    const input = { ...request, runId: runId ?? newId('r') }
    const digest = requestDigest(request)
    const known = runId === undefined ? null : await this.#deps.runs.findDurable(ownerOf(caller), runId)
    if (known) return repeated(known, { caller, digest })
    if (permit?.runId !== input.runId) await this.permit(caller, input.runId)
    const conversation = await this.#conversationFor(caller, input.conversationId, opening)
    const isNew = conversation === opening
    const placement = await placementOf(this.#deps.conversations, caller, conversation, question)
    return this.#admit(caller, { conversation, isNew, input, placement, digest })
  }

  /** The one that the caller has, else the one to be opened. */
  async #conversationFor(caller: Caller, id: string, opening?: Conversation): Promise<Conversation> {
    const { conversations } = this.#deps
    if (!opening) return requireConversation(conversations, ownerOf(caller), id)
    return (await conversations.find(ownerOf(caller), id)) ?? opening
  }

  /** The same, and answers the two messages. @throws as `execute` */
  async ask(caller: Caller, request: SendMessageInput): Promise<Exchange> {
    const { run } = await this.execute(caller, request)
    return exchangeOf(this.#deps.conversations, ownerOf(caller), run)
  }

  async #admit(
    caller: Caller,
    parts: {
      conversation: Conversation
      isNew: boolean
      input: SendMessageInput & { runId: string }
      placement: Placement
      digest: string
    },
  ): Promise<SentMessage> {
    const { runs, generations, clock, budget } = this.#deps
    const tenant = await requireTenant(this.#deps.tenants, caller)
    const shown = await this.#shown(caller, tenant, parts.placement)
    const { model, reservation } = await this.#deps.modelChoice.for(caller, tenant, {
      id: parts.input.runId,
      texts: async () => shown?.map(({ content }) => content) ?? [],
      expiresAt: null,
    })
    const now = clock.now()
    const { conversation, isNew } = parts
    const opening = isNew ? { conversation, event: createdEvent(conversation) } : null
    const naming = namingOf(caller, conversation, parts.placement, now)
    const admission = admissionOf({ ...parts, opening, naming, model: model.name, reservation, now })
    const slot = generations.open(arrivalOf(caller, tenant, parts.input.runId))
    try {
      const result = await runs.admit(admission)
      if (result.outcome === 'exists') return repeated(result.run, { caller, ...parts })
      const title = naming?.title ?? conversation.title
      const maxTokens = budget.maxTokensUnder(reservation)
      slot.start({ run: admission.run, model, title, maxTokens }, shown)
      return { run: admission.run, admitted: true, hasOpened: result.hasOpened }
    } finally {
      slot.release()
    }
  }

  /** @returns null when there is no such branch (any more) */
  #shown(caller: Caller, tenant: Tenant, placement: Placement): Promise<readonly ModelMessage[] | null> {
    const branch =
      'newQuestion' in placement
        ? { lastId: placement.newQuestion.parentId, next: placement.newQuestion }
        : { lastId: placement.existingQuestion.id }
    return this.#deps.context.messages(ownerOf(caller), tenant, branch)
  }
}

/** A conversation that was opened without a name gets one from its first question. */
function namingOf(
  caller: Caller,
  { id, title: current, titleBy, headId }: Conversation,
  placement: Placement,
  now: number,
): Naming | null {
  if (headId !== null || titleBy !== 'first-message' || !('newQuestion' in placement)) return null
  const title = titleFrom(placement.newQuestion.content)
  if (title === current) return null
  const change = { title: { text: title, by: 'first-message' } } as const
  return { title, event: updatedEvent(caller, id, change, now) }
}

/** What is answered to a run that is there already. @throws DomainError `id-already-used` when it was not asked for by this request */
function repeated(
  run: Run,
  { caller, digest, isNew = false }: { caller: Caller; digest: string; isNew?: boolean },
): SentMessage {
  const isOwn = run.ownerId === caller.subject
  if (isOwn && run.requestDigest === digest) return { run, admitted: false, hasOpened: false }
  // Runs that open a conversation may have their name from it.
  if (isNew && !isOwn) throw conversationIdTaken()
  throw new DomainError(
    'id-already-used',
    'This run_id was used for another request. Make a new one for every question.',
  )
}
