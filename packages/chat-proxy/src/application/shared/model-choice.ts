import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import { isNearlySpent, limitInTheWay, type Reservation } from '../../domain/ledger.js'
import type { ChatModel, Ledger, ModelDirectory } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'
import { chatDisabled } from '../admission/chat-gate.js'
import { isPaidByThePiece, type Budget, type Request } from './budget.js'

export interface ModelChoiceDeps {
  readonly models: ModelDirectory
  readonly ledger: Ledger
  readonly budget: Budget
}

/** The model that answers, and what is to be set aside for it. */
export interface ChosenModel {
  readonly model: ChatModel
  readonly reservation: Reservation
}

export interface Question extends Omit<Request, 'models'> {
  /** The name that was asked for; left out: the usual one. */
  readonly model?: string
}

/**
 * The ladder of a budget: the usual model, then the tenant's smaller one when four fifths are spent or the usual one no longer
 * fits into the rest, then the refusal that the reservation meets.
 */
export class ModelChoice {
  readonly #deps: ModelChoiceDeps

  constructor(deps: ModelChoiceDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `model-not-found`, `chat-disabled` when no model of the tenant is on, `model-unavailable`, `store-unavailable` */
  async for(caller: Caller, tenant: Tenant, question: Question): Promise<ChosenModel> {
    const { model: name } = question
    const usual = name === undefined ? this.#deps.models.usual(tenant) : this.requireNamed(tenant, name)
    if (usual.isOff) throw chatDisabled()
    let texts: ReturnType<Request['texts']> | undefined
    const request = { ...question, texts: () => (texts ??= question.texts()) }
    const reservation = await this.#reserved(caller, tenant, request, usual)
    const smaller = this.#deps.models.smaller(tenant)
    if (!smaller || smaller.isOff || smaller.name === usual.name || !(await this.#isTight(reservation)))
      return { model: usual, reservation }
    return { model: smaller, reservation: await this.#reserved(caller, tenant, request, smaller) }
  }

  /** @throws DomainError `model-not-found` for a name that the tenant's callers may not ask for */
  requireNamed(tenant: Tenant, name: string): ChatModel {
    const model = this.#deps.models.named(tenant, name)
    if (model) return model
    throw unknownModel(name)
  }

  #reserved(caller: Caller, tenant: Tenant, question: Question, model: ChatModel): Promise<Reservation> {
    const models = model.candidates ?? [model.name]
    return this.#deps.budget.reservationFor(caller, tenant, { ...question, models })
  }

  async #isTight({ counters, worst }: Reservation): Promise<boolean> {
    if (!isPaidByThePiece(counters)) return false
    const states = await this.#deps.ledger.read(counters)
    return states.some((state) => isNearlySpent(state) || limitInTheWay(state, worst) !== null)
  }
}

const LONGEST_QUOTE = 100

const unknownModel = (name: string): DomainError =>
  new DomainError(
    'model-not-found',
    `There is no model "${name.slice(0, LONGEST_QUOTE)}" here. GET /v1/models lists those that there are.`,
    { field: 'model' },
  )
