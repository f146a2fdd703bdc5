import type { RunRef } from '../../domain/run.js'

/** One string for tenant and run. Tenants are configured by name, so the separator is one that no name or id can hold. */
export const runKey = (run: RunRef): string => `${run.tenantId}\u0000${run.runId}`
