import type { TenantDirectory } from '../../domain/ports/tenant-directory.js'
import type { Tenant } from '../../domain/tenant.js'

/** One tenant, told by configuration. */
export class SingleTenantDirectory implements TenantDirectory {
  readonly #tenant: Tenant

  constructor(tenant: Tenant) {
    this.#tenant = tenant
  }

  find(tenantId: string): Promise<Tenant | null> {
    return Promise.resolve(tenantId === this.#tenant.id ? this.#tenant : null)
  }

  findByIssuer(issuer: string): Promise<readonly Tenant[]> {
    return Promise.resolve(this.#tenant.identity?.issuer === issuer ? [this.#tenant] : [])
  }

  findByKey(publishableKey: string | null): Promise<Tenant | null> {
    const { publishableKeys } = this.#tenant
    const matches = publishableKeys.length === 0 || publishableKeys.some(({ key }) => key === publishableKey)
    return Promise.resolve(matches ? this.#tenant : null)
  }
}
