import type { Caller } from '../../domain/caller.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import type { Outcome } from '../../domain/ledger.js'
import type { ChatModel, Clock, Ledger, Logger, ModelRequest } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'
import type { Budget } from './budget.js'
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
   * Counts what it did cost, and records that it is over. Never rejects: what cannot be settled now is settled when it is found
   * abandoned.
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

/** A process that does not extend its reservations for so long is dead. Well within the minute after which none may be left. */
const LIFE_MS = 40_000
const EXTEND_MS = 10_000

/** @throws DomainError `quota-exceeded`, `model-not-found`, `model-unavailable` */
export async function reserveFor(
  deps: ReserveDeps,
  caller: Caller,
  tenant: Tenant,
  { id, model, request, isMessage }: ReservedCall,
): Promise<Reserved> {
  const { ledger, budget, modelChoice, clock, logger } = deps
  const { model: chosen, reservation: whole } = await modelChoice.for(caller, tenant, {
    id,
    ...(model !== undefined && { model }),
    texts: async () => textsOf(request),
    expiresAt: clock.now() + LIFE_MS,
  })
  const reservation = isMessage ? whole : { ...whole, worst: { ...whole.worst, messages: 0 } }
  await ledger.reserve(reservation, clock.now())
  let cancel = extendLater()
  function extendLater(): () => void {
    return clock.after(EXTEND_MS, () => {
      cancel = extendLater()
      // One that is not extended is settled early; the next try may still be in time.
      ledger.extend(reservation, clock.now() + LIFE_MS).catch(() => {})
    })
  }
  return {
    model: chosen,
    maxTokens: budget.maxTokensUnder(reservation),
    async settle(outcome, event) {
      cancel()
      await ledger.settle(reservation, outcome, event).catch((error: unknown) => {
        logger.error('a call of the model could not be settled', { tenantId: tenant.id, error })
      })
    },
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
