import type { Caller } from '../../domain/caller.js'
import { limitStatesOf } from '../../domain/ledger.js'
import type { LimitScope, LimitState } from '../../domain/limits.js'
import type { Ledger, RunPlaces, TenantDirectory } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'
import type { RateLimits } from '../admission/rate-limits.js'
import type { RunQueue } from '../admission/run-queue.js'
import { ownerOf } from '../shared/owner.js'
import { requireTenant } from '../shared/require-tenant.js'
import type { Budget } from '../shared/budget.js'

export interface GetUsageDeps {
  readonly tenants: TenantDirectory
  readonly ledger: Ledger
  readonly budget: Budget
  readonly rateLimits: RateLimits
  readonly queue: RunQueue
  readonly places: RunPlaces
}

/** Every limit of a caller as it stands: what a refusal would name, ahead of time. */
export class GetUsage {
  readonly #deps: GetUsageDeps

  constructor(deps: GetUsageDeps) {
    this.#deps = deps
  }

  async execute(caller: Caller): Promise<readonly LimitState[]> {
    const { tenants, ledger, budget, rateLimits } = this.#deps
    const tenant = await requireTenant(tenants, caller)
    const counters = budget.countersFor(caller, tenant)
    const [rates, counted, atOnce] = await Promise.all([
      rateLimits.peek(caller),
      ledger.read(counters),
      this.#runsAtOnce(caller, tenant),
    ])
    return [...rates, ...counted.flatMap(limitStatesOf), ...atOnce]
  }

  async #runsAtOnce(caller: Caller, { limits: { runsAtOnce: max } }: Tenant): Promise<readonly LimitState[]> {
    if (max.user === null && max.tenant === null) return []
    const owner = ownerOf(caller)
    const [here, everywhere] = [this.#deps.queue.count(owner), await this.#deps.places.count(owner)]
    return [
      ...atOnce('user', max.user, { used: Math.max(here.user, everywhere.user), waiting: here.waiting }),
      ...atOnce('tenant', max.tenant, { used: Math.max(here.tenant, everywhere.tenant) }),
    ]
  }
}

/** Those that wait leave less to others: they are made as soon as some end. */
function atOnce(
  scope: LimitScope,
  max: number | null,
  made: { readonly used: number; readonly waiting?: number },
): readonly LimitState[] {
  if (max === null) return []
  const remaining = Math.max(0, max - made.used - (made.waiting ?? 0))
  return [{ name: 'runs_at_once', scope, max, ...made, remaining, resetsAt: null }]
}
