/** Who is calling, as verified by the authenticator; never taken from a body, a query or an unsigned header. */
export interface Caller {
  readonly tenantId: string
  /** Owns conversations. Unique within the tenant: a visitor's begins with `v_`, a user's is `u_` and the id of the user. */
  readonly subject: string
  readonly kind: 'visitor' | 'user'
  readonly role: Role
  /** Where the call came from: an IPv4 address, or the /64 of an IPv6 address; missing or `null` when nobody knows. */
  readonly network?: string | null
}

export const ROLES = ['admin', 'agent', 'user', 'visitor'] as const

/** From the strongest to the weakest, as `ROLES` has them. */
export type Role = (typeof ROLES)[number]

/** What a user owns things by. The prefix keeps ids that a host hands out apart from the visitors' of the same tenant. */
export const userSubject = (userId: string): string => `u_${userId}`
