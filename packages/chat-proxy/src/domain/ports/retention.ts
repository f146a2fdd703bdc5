import type { Forgotten } from './personal-data.js'

/** What was kept, and whose time is over. Adapters pass `retentionSuite`. */
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
  /**
   * Takes away at most `limit` counters of days and months, of whomever, that were over at or before `endedUntil`, the oldest first. One on
   * which something is still set aside stays.
   * @returns how many
   */
  purgeCounts(options: { readonly endedUntil: number; readonly limit: number }): Promise<number>
}
