import type { Caller } from '../../domain/caller.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import type { Outcome } from '../../domain/ledger.js'
import type { ChatModel, Clock, Ledger, Logger, ModelRequest } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'
import type { Budget } from './budget.js'
import { HeldReservation, LIFE_MS } from './held-reservation.js'
import type { ModelChoice } from './model-choice.js'

export interface ReserveDeps {
  readonly ledger: Ledger
  readonly budget: Budget
  readonly modelChoice: ModelChoice
  readonly clock: Clock
  readonly logger: Logger
}

/** What is set aside for one call of the model that is no run. */
export interface Reserved {
  /** What answers. */
  readonly model: ChatModel
  /** Longest answer that it covers, in tokens; `null`: any. */
  readonly maxTokens: number | null
  /**
   * Counts what it did cost, and records that it is over. Never rejects: what cannot be settled now, since the store is away, is tried
   * again behind the caller's back for as long as it stays set aside; then it is found abandoned, and counts as what was sent.
   */
  settle(outcome: Outcome, event?: DomainEvent): Promise<void>
}

export interface ReservedCall {
  readonly id: string
  /** The name that was asked for; left out: the usual one. */
  readonly model?: string
  readonly request: ModelRequest
  /** Counts towards the messages of a day. */
  readonly isMessage: boolean
}

/** @throws DomainError `quota-exceeded`, `model-not-found`, `model-unavailable` */
export async function reserveFor(
  deps: ReserveDeps,
  caller: Caller,
  tenant: Tenant,
  { id, model, request, isMessage }: ReservedCall,
): Promise<Reserved> {
  const { ledger, budget, modelChoice, clock } = deps
  const expiresAt = clock.now() + LIFE_MS
  const { model: chosen, reservation: whole } = await modelChoice.for(caller, tenant, {
    id,
    ...(model !== undefined && { model }),
    texts: async () => textsOf(request),
    expiresAt,
  })
  const reservation = isMessage ? whole : { ...whole, worst: { ...whole.worst, messages: 0 } }
  await ledger.reserve(reservation, clock.now())
  const held = new HeldReservation(deps, reservation, expiresAt)
  return {
    model: chosen,
    maxTokens: budget.maxTokensUnder(reservation),
    settle: (outcome, event) => held.settle(outcome, event),
  }
}

/** Everything that the model reads: tools, calls of them, and the shape of the answer are paid like words. */
function textsOf({ messages, tools, parameters }: ModelRequest): readonly string[] {
  const shape = parameters?.response_format
  return [
    ...messages.map(({ content }) => content),
    ...messages.flatMap((message) =>
      message.role === 'assistant' && message.toolCalls ? [JSON.stringify(message.toolCalls)] : [],
    ),
    ...(tools ?? []).map((tool) => JSON.stringify(tool)),
    ...(shape ? [JSON.stringify(shape)] : []),
  ]
}
