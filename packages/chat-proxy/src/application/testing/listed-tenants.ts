import type { TenantDirectory } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'

/** Tenants that a test can change while everything runs. */
export class ListedTenants implements TenantDirectory {
  tenants: readonly Tenant[]

  constructor(...tenants: readonly Tenant[]) {
    this.tenants = tenants
  }

  find(tenantId: string): Promise<Tenant | null> {
    return Promise.resolve(this.tenants.find(({ id }) => id === tenantId) ?? null)
  }

  list(): Promise<readonly Tenant[]> {
    return Promise.resolve(this.tenants)
  }

  findByIssuer(issuer: string): Promise<readonly Tenant[]> {
    return Promise.resolve(this.tenants.filter(({ identity }) => identity?.issuer === issuer))
  }

  findByOrigin(origin: string): Promise<readonly Tenant[]> {
    return Promise.resolve(this.tenants.filter(({ allowedOrigins }) => allowedOrigins.includes(origin)))
  }

  findByKey(publishableKey: string | null): Promise<Tenant | null> {
    const has = ({ publishableKeys }: Tenant): boolean =>
      publishableKey === null
        ? publishableKeys.length === 0
        : publishableKeys.some(({ key }) => key === publishableKey)
    return Promise.resolve(this.tenants.find(has) ?? null)
  }
}
