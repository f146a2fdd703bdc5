/** Who is calling, as verified by the authenticator; never taken from a body, a query or an unsigned header. */
export interface Caller {
  readonly tenantId: string
  /** Visitor id or the user's `sub`; owns conversations. Unique within the tenant. */
  readonly subject: string
  readonly kind: 'visitor' | 'user'
  readonly role: Role
}

export type Role = 'admin' | 'agent' | 'user' | 'visitor'
