import { DomainError } from '../../domain/errors.js'
import type { TenantDirectory } from '../../domain/ports/index.js'
import { DEFAULT_TENANT_ID } from '../../domain/tenant.js'
import { isOriginAllowed, type RequestOrigin } from '../shared/origin-policy.js'

/** Whether a page may call, and its browser may show it the answer. */
export class CheckOrigin {
  readonly #tenants: TenantDirectory

  constructor(deps: { readonly tenants: TenantDirectory }) {
    this.#tenants = deps.tenants
  }

  /** Before it is known who is calling: a preflight carries no token. Whether some tenant has the page. */
  async isKnown(from: RequestOrigin): Promise<boolean> {
    if (from.origin === null) return true
    if ((await this.#tenants.findByOrigin(from.origin)).length > 0) return true
    return this.#isAllowed(DEFAULT_TENANT_ID, from)
  }

  /** Once it is known: the page has to be one of that tenant. @throws DomainError `not-allowed` */
  async requireTenant(tenantId: string, from: RequestOrigin): Promise<void> {
    if (await this.#isAllowed(tenantId, from)) return
    throw new DomainError('not-allowed', FOREIGN_ORIGIN)
  }

  async #isAllowed(tenantId: string, from: RequestOrigin): Promise<boolean> {
    const tenant = await this.#tenants.find(tenantId)
    return tenant !== null && isOriginAllowed(tenant, from)
  }
}

export const FOREIGN_ORIGIN =
  'Pages of this origin may not use this chat. The operator can allow it by adding it to the allowed_origins of the tenant, or to ALLOWED_ORIGINS.'
