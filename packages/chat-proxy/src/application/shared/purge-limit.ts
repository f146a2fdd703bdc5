import { DEFAULT_RETENTION_DAYS, type Tenant } from '../../domain/tenant.js'

const DAY_MS = 24 * 3_600_000

/**
 * What was deleted at this time or before is gone, or about to be.
 * @param tenant `null` for one that is configured no longer: its data is kept for the usual time
 */
export const purgeLimit = (tenant: Tenant | null, now: number): number =>
  Math.max(0, now - (tenant?.retentionDays ?? DEFAULT_RETENTION_DAYS) * DAY_MS)
