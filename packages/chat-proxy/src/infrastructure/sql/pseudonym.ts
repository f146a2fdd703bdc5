import { createHash, randomBytes } from 'node:crypto'
import type { Caller } from '../../domain/caller.js'

/**
 * What stands for a visitor who was forgotten. It follows from the id, so that the visitor is recognised; the id is random
 * and cannot be found from it.
 */
export const visitorPseudonym = (tenantId: string, subject: string): string =>
  `forgotten_${createHash('sha256')
    .update(JSON.stringify([tenantId, subject]))
    .digest('base64url')
    .slice(0, 22)}`

/** For a user it is random: a user's name may be one that can be guessed, and a digest of it would give it away. */
export const pseudonymOf = ({ tenantId, subject, kind }: Caller): string =>
  kind === 'visitor'
    ? visitorPseudonym(tenantId, subject)
    : `forgotten_${randomBytes(16).toString('base64url')}`
