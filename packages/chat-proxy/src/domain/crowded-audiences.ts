import type { IdentityKeys } from './identity.js'
import type { Tenant } from './tenant.js'

/**
 * Different keys of tenants that go for the same tokens at most. All of them are tried for a token that does not tell which tenant it
 * means, so that nobody can have the proxy check signatures without end.
 */
export const MOST_KEYS_OF_AN_AUDIENCE = 8

export interface CrowdedTenant {
  readonly tenantId: string
  /** The field, and what is accepted. */
  readonly problem: string
}

/**
 * Tenants whose users could not sign in: their tokens have the same `iss` and `aud` as those of many others with keys of
 * their own, and no claim tells them apart.
 */
export function crowdedAudiences(tenants: readonly Tenant[]): readonly CrowdedTenant[] {
  const keysOf = new Map<string, Set<string>>()
  return tenants.flatMap(({ id, identity }) => {
    if (!identity || identity.claims.tenant !== null) return []
    const isCrowded = identity.audiences.map((audience) => {
      const name = JSON.stringify([identity.issuer, audience])
      const keys = (keysOf.get(name) ?? new Set()).add(nameOf(identity.keys))
      keysOf.set(name, keys)
      return keys.size > MOST_KEYS_OF_AN_AUDIENCE
    })
    return isCrowded.includes(true) ? [{ tenantId: id, problem: PROBLEM }] : []
  })
}

const PROBLEM = `identity.audiences: ${MOST_KEYS_OF_AN_AUDIENCE} other tenants have the same issuer and audience and keys of their own; give this one an audience of its own, or name in tenant_claim what tells them apart`

const nameOf = (keys: IdentityKeys): string => (keys.kind === 'secret' ? keys.secret : keys.url)
