import type { Caller } from '../../domain/caller.js'
import type { Owner } from '../../domain/ports/index.js'

/** A caller sees what it owns, within its tenant, and nothing else. */
export const ownerOf = (caller: Caller): Owner => ({ tenantId: caller.tenantId, ownerId: caller.subject })
