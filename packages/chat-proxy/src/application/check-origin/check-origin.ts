import type { TenantDirectory } from '../../domain/ports/index.js'
import { DEFAULT_TENANT_ID } from '../../domain/tenant.js'
import { isOriginAllowed, type RequestOrigin } from '../shared/origin-policy.js'

/** Whether a browser may show the answer to the page that asked. Preflights carry no token, so the default tenant decides. */
export class CheckOrigin {
  readonly #tenants: TenantDirectory

  constructor(deps: { readonly tenants: TenantDirectory }) {
    this.#tenants = deps.tenants
  }

  async execute(origin: RequestOrigin): Promise<boolean> {
    const tenant = await this.#tenants.find(DEFAULT_TENANT_ID)
    return tenant !== null && isOriginAllowed(tenant, origin)
  }
}
