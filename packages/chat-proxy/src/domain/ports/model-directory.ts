import type { Tenant } from '../tenant.js'
import type { ChatModel } from './chat-model.js'

/** A model, at one provider. */
export interface ProvidedModel {
  readonly provider: string
  readonly model: string
}

/** Which models answer for a tenant. A model with several providers behind it is one `ChatModel`. */
export interface ModelDirectory {
  /** The first of the tenant's models, and the others in their order where it cannot answer. */
  usual(tenant: Tenant): ChatModel
  /** What answers when a budget is nearly spent; `null`: the usual one until the end. */
  smaller(tenant: Tenant): ChatModel | null
  /** The names that callers of the tenant may ask for, the usual one first, each once. */
  names(tenant: Tenant): readonly string[]
  /** The model of that name first, then the tenant's others; `null` for any name that is not among `names`. */
  named(tenant: Tenant, name: string): ChatModel | null
  /** Each that may answer for one of `tenants`, on or off, and each that was asked since this process began. */
  all(tenants: readonly Tenant[]): readonly ProvidedModel[]
}
