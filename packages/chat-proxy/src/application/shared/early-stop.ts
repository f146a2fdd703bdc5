import type { Owner } from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'
import { deriveId } from './ids.js'

/**
 * Where a stop is remembered that came before its run: the question may still be under way on another connection. The
 * owner is part of the name, so that nobody can stop in advance what somebody else will ask.
 */
export const earlyStopOf = ({ tenantId, ownerId }: Owner, runId: string): RunRef => ({
  tenantId,
  runId: deriveId('early', ownerId, runId),
})
