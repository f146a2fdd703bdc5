import type { Caller } from '../../domain/caller.js'
import type { ModelDirectory, TenantDirectory } from '../../domain/ports/index.js'
import { requireTenant } from '../shared/require-tenant.js'

/** The models that a caller can ask for by name: those of the tenant. Which providers stand behind them is the operator's business. */
export class ListModels {
  readonly #deps: { readonly models: ModelDirectory; readonly tenants: TenantDirectory }

  constructor(deps: { readonly models: ModelDirectory; readonly tenants: TenantDirectory }) {
    this.#deps = deps
  }

  /** The usual one first. */
  async execute(caller: Caller): Promise<readonly string[]> {
    return this.#deps.models.names(await requireTenant(this.#deps.tenants, caller))
  }
}
