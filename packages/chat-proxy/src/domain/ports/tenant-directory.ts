import type { Tenant } from '../tenant.js'

export interface TenantDirectory {
  find(tenantId: string): Promise<Tenant | null>
  list(): Promise<readonly Tenant[]>
  /**
   * The tenants with identity settings of this issuer. Asked for every request with an identity token, so it looks into
   * memory, and gives the same `identity` objects until they change: verified tokens are remembered with them.
   */
  findByIssuer(issuer: string): Promise<readonly Tenant[]>
  /** The tenants that name this origin among theirs. Asked for every preflight, so it looks into memory. */
  findByOrigin(origin: string): Promise<readonly Tenant[]>
  /** The tenant that a publishable key belongs to; with `null` (no key sent) the one that needs none. */
  findByKey(publishableKey: string | null): Promise<Tenant | null>
}
