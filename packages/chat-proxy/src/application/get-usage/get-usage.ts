import type { Caller } from '../../domain/caller.js'
import { limitStatesOf } from '../../domain/ledger.js'
import type { LimitState } from '../../domain/limits.js'
import type { Ledger, TenantDirectory } from '../../domain/ports/index.js'
import type { RateLimits } from '../admission/rate-limits.js'
import { requireTenant } from '../shared/require-tenant.js'
import type { Budget } from '../shared/budget.js'

export interface GetUsageDeps {
  readonly tenants: TenantDirectory
  readonly ledger: Ledger
  readonly budget: Budget
  readonly rateLimits: RateLimits
}

/** Every limit of a caller as it stands: what a refusal would name, ahead of time. */
export class GetUsage {
  readonly #deps: GetUsageDeps

  constructor(deps: GetUsageDeps) {
    this.#deps = deps
  }

  /** Those of the whole installation are its operator's business. */
  async execute(caller: Caller): Promise<readonly LimitState[]> {
    const { tenants, ledger, budget, rateLimits } = this.#deps
    const tenant = await requireTenant(tenants, caller)
    const counters = budget.countersFor(caller, tenant).filter(({ scope }) => scope !== 'installation')
    const [rates, counted] = await Promise.all([rateLimits.peek(caller), ledger.read(counters)])
    return [...rates, ...counted.flatMap(limitStatesOf)]
  }
}
