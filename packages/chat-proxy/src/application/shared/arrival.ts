import type { Caller } from '../../domain/caller.js'
import type { Tenant } from '../../domain/tenant.js'
import type { Arrival } from '../admission/queue-order.js'

/** An answer for this caller, as the queue knows it. @param id of the run or the completion */
export const arrivalOf = ({ subject }: Pick<Caller, 'subject'>, tenant: Tenant, id: string): Arrival => ({
  tenantId: tenant.id,
  ownerId: subject,
  id,
  tier: tenant.tier,
  max: tenant.limits.runsAtOnce,
})
