import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import type { TenantDirectory } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'

/** @throws DomainError `not-authenticated` when the tenant of a token is no longer there */
export async function requireTenant(
  tenants: TenantDirectory,
  { tenantId }: Pick<Caller, 'tenantId'>,
): Promise<Tenant> {
  const tenant = await tenants.find(tenantId)
  if (tenant) return tenant
  throw new DomainError(
    'not-authenticated',
    'The site that this token was made for is not served here any more.',
  )
}
