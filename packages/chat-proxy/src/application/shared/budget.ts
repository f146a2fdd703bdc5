import type { Caller } from '../../domain/caller.js'
import { estimateTokens, mostTokens, TOKENS_A_MESSAGE } from '../../domain/count-tokens.js'
import { DomainError } from '../../domain/errors.js'
import type { Counter, Reservation, Spend } from '../../domain/ledger.js'
import type { Clock } from '../../domain/ports/index.js'
import { costOf, dearestOf, type Price, type PriceList } from '../../domain/prices.js'
import { countersOf, type InstallationBudget } from '../../domain/quota.js'
import type { Tenant } from '../../domain/tenant.js'

export interface BudgetSettings {
  readonly installation: InstallationBudget
  /** Whether admins have the limits of everybody. */
  readonly limitAdmins: boolean
  /** Longest answer, in tokens, where tokens or money are limited: what is set aside has to be the worst case. */
  readonly maxAnswerTokens: number
}

export interface BudgetDeps {
  readonly prices: PriceList
  readonly clock: Clock
  readonly settings: { readonly budget: BudgetSettings }
}

/** What an answer is reserved for. */
export interface Request {
  /** Of the run or of the completion. */
  readonly id: string
  /** Every model that may answer. */
  readonly models: readonly string[]
  /** Everything that the model is told. */
  readonly texts: () => Promise<readonly string[]>
  readonly expiresAt: number | null
}

/** What answers may cost, for whom. */
export class Budget {
  readonly #deps: BudgetDeps

  constructor(deps: BudgetDeps) {
    this.#deps = deps
  }

  /** The counters that an answer for this caller counts on, now. */
  countersFor(caller: Pick<Caller, 'subject' | 'role'>, tenant: Tenant): readonly Counter[] {
    const { settings, clock } = this.#deps
    const { installation, limitAdmins } = settings.budget
    return countersOf({ tenant, caller, installation, limitAdmins, now: clock.now() })
  }

  /** @throws DomainError `model-unavailable` when money is limited and nobody said what the model costs */
  async reservationFor(caller: Caller, tenant: Tenant, request: Request): Promise<Reservation> {
    const counters = this.countersFor(caller, tenant)
    const price = this.#priceOf(request.models, counters)
    const isLimited = isPaidByThePiece(counters)
    const texts = await request.texts()
    const worst = isLimited ? this.#worstOf(sumOf(texts, mostTokens), price) : UNLIMITED
    return {
      tenantId: tenant.id,
      id: request.id,
      counters,
      worst,
      promptTokens: sumOf(texts, estimateTokens),
      price,
      expiresAt: request.expiresAt,
    }
  }

  /** Longest answer that may be asked for under this reservation; `null`: as long as the model likes. */
  maxTokensUnder({ counters }: Pick<Reservation, 'counters'>): number | null {
    return isPaidByThePiece(counters) ? this.#deps.settings.budget.maxAnswerTokens : null
  }

  /** Which of them will answer is not known yet: that of the dearest. */
  #priceOf(models: readonly string[], counters: readonly Counter[]): Price | null {
    const { prices } = this.#deps
    const unknown = models.find((model) => prices.of(model) === null)
    if (unknown !== undefined && counters.some(({ max }) => max.money !== null)) throw unpriced(unknown)
    return dearestOf(models.map((model) => prices.of(model)))
  }

  #worstOf(promptTokens: number, price: Price | null): Spend {
    const usage = {
      prompt_tokens: promptTokens,
      completion_tokens: this.#deps.settings.budget.maxAnswerTokens,
    }
    return {
      messages: 1,
      tokens: usage.prompt_tokens + usage.completion_tokens,
      money: price ? costOf(usage, price) : 0,
    }
  }
}

/** Nothing need be set aside where nothing can be passed. */
const UNLIMITED: Spend = { messages: 1, tokens: 0, money: 0 }

/** Whether tokens or money are limited, so that the worst case has to be known beforehand. */
export const isPaidByThePiece = (counters: readonly Counter[]): boolean =>
  counters.some(({ max }) => max.tokens !== null || max.money !== null)

const sumOf = (texts: readonly string[], count: (text: string) => number): number =>
  texts.reduce((sum, text) => sum + count(text) + TOKENS_A_MESSAGE, 0)

const unpriced = (model: string): DomainError =>
  new DomainError(
    'model-unavailable',
    `A budget is set, and nobody said what the model ${model} costs. The operator can do so in PRICES.`,
  )
