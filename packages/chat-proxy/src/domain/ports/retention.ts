import type { Forgotten } from './personal-data.js'

/** Conversations that were deleted and whose time is over. Adapters pass `retentionSuite`. */
export interface Retention {
  /** Tenants that have deleted conversations. */
  tenantsWithDeleted(): Promise<readonly string[]>
  /**
   * Takes away for good at most `limit` messages of conversations of the tenant that were deleted at or before `deletedUntil`,
   * with all that hangs on them, in one transaction; and the conversations that became empty, each with its event.
   * @param at the time of the events
   */
  purge(
    tenantId: string,
    options: { readonly deletedUntil: number; readonly limit: number; readonly at: number },
  ): Promise<Forgotten>
}
