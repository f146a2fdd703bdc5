import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import type { ChatModel, SessionTokens, TenantDirectory } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'
import { newId } from '../shared/ids.js'
import { isOriginAllowed, type RequestOrigin } from '../shared/origin-policy.js'
import type { Settings } from '../shared/settings.js'

export interface StartSessionInput extends RequestOrigin {
  readonly publishableKey: string | null
  /** An older visitor token: its visitor comes back. */
  readonly token: string | null
}

export interface StartedSession {
  readonly token: string
  readonly expiresAt: number
  readonly caller: Caller
  readonly tenant: Tenant
  readonly isDemo: boolean
  readonly settings: Settings
}

export interface StartSessionDeps {
  readonly tenants: TenantDirectory
  readonly tokens: SessionTokens
  readonly model: ChatModel
  readonly settings: Settings
}

/** Gives a visitor a token: a new one, or a longer one for the visitor it already is. */
export class StartSession {
  readonly #deps: StartSessionDeps

  constructor(deps: StartSessionDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `not-authenticated` for a wrong or missing publishable key, `not-allowed` for a foreign origin */
  async execute(input: StartSessionInput): Promise<StartedSession> {
    const tenant = await this.#deps.tenants.findByKey(input.publishableKey)
    if (!tenant) throw new DomainError('not-authenticated', keyDetail(input.publishableKey))
    if (!isOriginAllowed(tenant, input)) throw new DomainError('not-allowed', ORIGIN_DETAIL)
    const caller = (await this.#returning(input.token, tenant)) ?? newVisitor(tenant)
    const { token, expiresAt } = await this.#deps.tokens.issue(caller)
    const { model, settings } = this.#deps
    return { token, expiresAt, caller, tenant, isDemo: model.isDemo, settings }
  }

  /** A token that cannot be renewed is no reason to refuse: the person becomes a new visitor. */
  async #returning(token: string | null, tenant: Tenant): Promise<Caller | null> {
    if (token === null) return null
    try {
      const caller = await this.#deps.tokens.verifyForRenewal(token)
      return caller.kind === 'visitor' && caller.tenantId === tenant.id ? caller : null
    } catch (error) {
      if (error instanceof DomainError) return null
      throw error
    }
  }
}

const newVisitor = (tenant: Tenant): Caller => ({
  tenantId: tenant.id,
  subject: newId('v'),
  kind: 'visitor',
  role: 'visitor',
})

const ORIGIN_DETAIL =
  'Pages of this origin may not start a chat here. The operator can allow it by adding it to ALLOWED_ORIGINS.'

const keyDetail = (key: string | null): string =>
  key === null
    ? 'This chat needs the publishable key of the site, in the header X-Colloquy-Key.'
    : 'The publishable key in X-Colloquy-Key is not known here. Compare it with PUBLISHABLE_KEY of the proxy.'
