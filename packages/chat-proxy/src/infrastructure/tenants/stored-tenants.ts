import type { Logger, Refreshable, TenantFormat, TenantStore } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'
import type { TenantRegistry } from './tenant-registry.js'

export interface StoredTenantsOptions {
  readonly store: TenantStore
  readonly format: TenantFormat
  /** There as long as nothing is stored under its id. */
  readonly base: Tenant
  readonly registry: TenantRegistry
  readonly logger: Logger
}

/** Brings the tenants of the database into memory. */
export class StoredTenants implements Refreshable {
  readonly #options: StoredTenantsOptions

  constructor(options: StoredTenantsOptions) {
    this.#options = options
  }

  async refresh(): Promise<void> {
    const { store, base, registry } = this.#options
    const stored = await store.list()
    const tenants = stored.flatMap(({ id, settings }) => this.#read(id, settings))
    const isBaseStored = stored.some(({ id }) => id === base.id)
    registry.replace(isBaseStored ? tenants : [base, ...tenants])
  }

  /** One that was good when it was stored can name a provider that is configured no longer. */
  #read(id: string, settings: Parameters<TenantFormat['read']>[1]): readonly Tenant[] {
    const read = this.#options.format.read(id, settings)
    if ('tenant' in read) return [read.tenant]
    for (const line of read.problems)
      this.#options.logger.error(`a stored tenant is not served: ${line}`, { tenantId: id })
    return []
  }
}
