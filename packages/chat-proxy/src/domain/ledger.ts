import type { Usage } from '@colloquy/chat-core/protocol'
import { estimateTokens } from './count-tokens.js'
import { DomainError } from './errors.js'
import { isOperators, type LimitName, type LimitState } from './limits.js'
import { costOf, type Price, type PriceList } from './prices.js'
import type { RunAttempt } from './run-attempt.js'
import type { SpanKind } from './spans.js'

/** What is counted of every answer. Money is in millionths of a US dollar. */
export const MEASURES = ['messages', 'tokens', 'money'] as const
export type Measure = (typeof MEASURES)[number]
export type Spend = Readonly<Record<Measure, number>>

/** Who a counter counts for, and over which time. */
export interface CounterKey {
  /** Empty for the installation. */
  readonly tenantId: string
  readonly scope: 'user' | 'tenant' | 'installation'
  /** The subject; empty for the others. */
  readonly scopeId: string
  readonly span: SpanKind
  readonly startsAt: number
}

/** A counter and its limits; `null` counts without limit. */
export interface Counter extends CounterKey {
  readonly endsAt: number
  readonly max: Readonly<Record<Measure, number | null>>
}

/** How a counter stands. */
export interface CounterState extends Counter {
  readonly used: Spend
  readonly reserved: Spend
}

/** What an answer may cost at most, set aside before the model is called. */
export interface Reservation {
  readonly tenantId: string
  /** The run's, or that of a completion. */
  readonly id: string
  readonly counters: readonly Counter[]
  readonly worst: Spend
  /** Estimated tokens of what is sent, for an answer whose provider did not count. */
  readonly promptTokens: number
  readonly price: Price | null
  /** When it may be taken for abandoned; `null`: its run ends it, whatever happens. */
  readonly expiresAt: number | null
}

/** What came of a reservation. */
export interface Outcome {
  readonly attempts: readonly Pick<RunAttempt, 'model' | 'usage'>[]
  readonly usage: Usage | null
  /** What the model wrote, for when nobody counted it. */
  readonly content: string
}

/** What came of an answer, for the ledger. */
export interface Spent extends Spend {
  /** Of `tokens`, those of models whose price nobody said: what they cost is no part of `money`, and not known. */
  readonly unpricedTokens: number
}

/**
 * What an answer did cost. The provider's own count of every call is taken where there is one; else, when something came, it
 * is estimated. When nothing came and nothing was counted, it cost nothing, and is no message either. A call costs what its
 * own model does, never what another would have.
 */
export function spendOf(
  outcome: Outcome,
  { promptTokens, price }: Pick<Reservation, 'promptTokens' | 'price'>,
  prices: PriceList,
): Spent {
  let [tokens, money, unpricedTokens] = [0, 0, 0]
  for (const { model, usage } of countedCalls(outcome, promptTokens)) {
    const rate = model === null ? price : prices.of(model)
    tokens += usage.total_tokens
    if (rate) money += costOf(usage, rate)
    else unpricedTokens += usage.total_tokens
  }
  return { messages: outcome.content === '' ? 0 : 1, tokens, money, unpricedTokens }
}

interface CountedCall {
  /** `null`: nobody said which model it was. */
  readonly model: string | null
  readonly usage: Usage
}

function countedCalls({ attempts, usage, content }: Outcome, promptTokens: number): readonly CountedCall[] {
  const calls = attempts.flatMap(({ model, usage: own }) => (own ? [{ model, usage: own }] : []))
  if (calls.length > 0) return calls
  const model = attempts.at(-1)?.model ?? null
  if (usage) return [{ model, usage }]
  if (content === '') return []
  const completion = estimateTokens(content)
  const guess = {
    prompt_tokens: promptTokens,
    completion_tokens: completion,
    total_tokens: promptTokens + completion,
  }
  return [{ model, usage: guess }]
}

/** Whether nearly all of a budget is spent or spoken for. Messages are no budget: they are not paid by the piece. */
export const isNearlySpent = ({ used, reserved, max }: CounterState): boolean =>
  BUDGETS.some((measure) => {
    const limit = max[measure]
    return limit !== null && used[measure] + reserved[measure] >= limit * WARN_SHARE
  })

const BUDGETS = ['tokens', 'money'] as const
const WARN_SHARE = 0.8

/** Of a month money alone is limited. */
const LIMIT_NAMES: Record<SpanKind, Partial<Record<Measure, LimitName>>> = {
  day: { messages: 'messages_per_day', tokens: 'tokens_per_day', money: 'money_per_day' },
  month: { money: 'money_per_month' },
}

/** Every limit that a counter has, as it stands. */
export const limitStatesOf = (counter: CounterState): readonly LimitState[] =>
  MEASURES.flatMap((measure) => {
    const max = counter.max[measure]
    const name = LIMIT_NAMES[counter.span][measure]
    if (max === null || name === undefined) return []
    const used = counter.used[measure] + counter.reserved[measure]
    return [
      {
        name,
        scope: counter.scope,
        max,
        used,
        remaining: Math.max(0, max - used),
        resetsAt: counter.endsAt,
      },
    ]
  })

/** The first limit that leaves no room for `worst`; `null` when all do. */
export function limitInTheWay(counter: CounterState, worst: Spend): LimitState | null {
  const states = new Map(limitStatesOf(counter).map((state) => [state.name, state]))
  for (const measure of MEASURES) {
    const name = LIMIT_NAMES[counter.span][measure]
    const state = name && states.get(name)
    if (state && state.used + worst[measure] > state.max) return state
  }
  return null
}

const figuresOf = (limit: LimitState): string =>
  isOperators(limit) ? '' : `${limit.used} of ${limit.max} are used or spoken for, `

/** The refusal that tells a caller which limit it is, and when to come back. */
export function quotaExceeded(limit: LimitState, now: number): DomainError {
  const resetsAt = limit.resetsAt ?? now
  return new DomainError(
    'quota-exceeded',
    `${limit.name} (${limit.scope}): ${figuresOf(limit)}no room is left for another answer. It starts anew at ${new Date(resetsAt).toISOString()}.`,
    { limit, retryAfter: Math.max(1, Math.ceil((resetsAt - now) / 1000)) },
  )
}
