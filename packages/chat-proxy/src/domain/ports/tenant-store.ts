import type { DomainEvent } from '../domain-event.js'
import type { TenantSettings } from './tenant-format.js'

export interface StoredTenant {
  readonly id: string
  /** As they were given. */
  readonly settings: TenantSettings
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** What becomes of one tenant. */
export interface TenantChange {
  /** `null`: it is taken away. What it has stored stays. */
  readonly settings: TenantSettings | null
  readonly event: DomainEvent
}

/** Tenants that the operator changes while everything runs. Adapters pass `tenantStoreSuite`. */
export interface TenantStore {
  /** In the order of their ids. */
  list(): Promise<readonly StoredTenant[]>
  /**
   * Changes one tenant and records the event, in one step that no other change falls into.
   * @param decide sees all tenants as they are then; what it throws is thrown, and nothing is changed. It may be asked again.
   * @returns the tenant as it is afterwards
   */
  change(id: string, decide: (all: readonly StoredTenant[]) => TenantChange): Promise<StoredTenant | null>
}
