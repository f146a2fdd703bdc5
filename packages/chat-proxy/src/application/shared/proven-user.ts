import { userSubject, type Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import { isUserId, type HostCaller, type TenantGrant, type VerifiedIdentity } from '../../domain/identity.js'
import type { Session } from '../../domain/ports/index.js'
import { DEFAULT_TENANT_ID } from '../../domain/tenant.js'

/** Asks the host application who is behind a request; `null`: nobody it knows. */
export type AskHost = () => Promise<HostCaller | null>

/** Somebody who proved to be a user, before it is clear for which tenant they come. */
export interface ProvenUser {
  readonly subject: string
  /** Never empty. */
  readonly grants: readonly TenantGrant[]
  /** Milliseconds since 1970; `null`: as long as the request. */
  readonly expiresAt: number | null
}

export const userOfIdentity = ({ userId, grants, expiresAt }: VerifiedIdentity): ProvenUser => ({
  subject: userSubject(userId),
  grants,
  expiresAt,
})

export const userOfSession = ({ caller, expiresAt }: Session): ProvenUser => ({
  subject: caller.subject,
  grants: [{ tenantId: caller.tenantId, role: caller.role }],
  expiresAt,
})

const HOST_ROLES: readonly unknown[] = ['admin', 'agent', 'user']

/** @throws TypeError when the host said something that is no `HostCaller`: it may be written without types */
export function userOfHost({ userId, role = 'user', tenantId = DEFAULT_TENANT_ID }: HostCaller): ProvenUser {
  const tenantIds = typeof tenantId === 'string' ? [tenantId] : tenantId
  const areIds = Array.isArray(tenantIds) && tenantIds.every((id) => typeof id === 'string' && id !== '')
  if (!isUserId(userId) || !HOST_ROLES.includes(role) || !areIds || tenantIds.length === 0)
    throw new TypeError('authenticate() answered something that is neither null nor a HostCaller.')
  const grants = [...new Set(tenantIds)].map((id) => ({ tenantId: id, role }))
  return { subject: userSubject(userId), grants, expiresAt: null }
}

/**
 * The user as a caller of one tenant.
 * @param tenantId what the request asks for; `null`: the only one there is
 * @throws DomainError `not-allowed` when it is none of theirs, `invalid-input` when they have several and none is named
 */
export function callerIn(user: ProvenUser, tenantId: string | null): Caller {
  const [first, ...others] = user.grants
  if (tenantId === null && others.length > 0) {
    throw new DomainError(
      'invalid-input',
      'You belong to several tenants. Name one of them in X-Tenant-ID.',
      {
        field: 'X-Tenant-ID',
      },
    )
  }
  const grant = tenantId === null ? first : user.grants.find((one) => one.tenantId === tenantId)
  if (!grant) throw notThatTenant()
  return { tenantId: grant.tenantId, subject: user.subject, kind: 'user', role: grant.role }
}

export const notThatTenant = (): DomainError =>
  new DomainError('not-allowed', 'What proves who you are does not belong to the tenant that is asked for.')
