import type { Tenant } from '../tenant.js'

export interface TenantDirectory {
  find(tenantId: string): Promise<Tenant | null>
  /** The tenant that a publishable key belongs to; with `null` (no key sent) the one that needs none. */
  findByKey(publishableKey: string | null): Promise<Tenant | null>
}
