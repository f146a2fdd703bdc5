import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import type {
  Clock,
  IdentityTokens,
  PersonalData,
  ModelDirectory,
  SessionTokens,
  TenantDirectory,
} from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'
import type { JoinHistory } from '../join-history/join-history.js'
import type { ChatGate } from '../admission/chat-gate.js'
import type { RateLimits } from '../admission/rate-limits.js'
import { FOREIGN_ORIGIN } from '../check-origin/check-origin.js'
import { newId } from '../shared/ids.js'
import { isOriginAllowed, type RequestOrigin } from '../shared/origin-policy.js'
import { callerIn, notThatTenant, type ProvenUser } from '../shared/proven-user.js'
import type { Settings } from '../shared/settings.js'
import { proofsOf, type Evidence } from './proofs.js'

export interface StartSessionInput extends RequestOrigin, Evidence {
  readonly publishableKey: string | null
  /** `X-Tenant-ID`. */
  readonly tenantId: string | null
  /** As in `Caller`. */
  readonly network: string | null
}

export interface StartedSession {
  readonly token: string
  readonly expiresAt: number
  readonly caller: Caller
  readonly tenant: Tenant
  readonly isDemo: boolean
  /** Whether the caller may ask; a token is given in any case, so that who is out today is the same tomorrow. */
  readonly isChatOpen: boolean
  readonly settings: Settings
}

export interface StartSessionDeps {
  readonly tenants: TenantDirectory
  readonly tokens: SessionTokens
  readonly identities: IdentityTokens
  readonly personalData: PersonalData
  readonly clock: Clock
  readonly models: ModelDirectory
  readonly rateLimits: RateLimits
  readonly gate: ChatGate
  readonly settings: Settings
  readonly joinHistory: JoinHistory
}

/**
 * Gives a token: a new visitor one, a returning visitor a longer one, a user one that lasts as long as what they proved.
 * What somebody asked as a visitor becomes theirs when they come back as a user.
 */
export class StartSession {
  readonly #deps: StartSessionDeps

  constructor(deps: StartSessionDeps) {
    this.#deps = deps
  }

  /**
   * @throws DomainError `not-authenticated` for a wrong or missing publishable key, `not-allowed` for a foreign origin or
   * tenant, `rate-limited`, and whatever is wrong with the proof of a user
   */
  async execute(input: StartSessionInput): Promise<StartedSession> {
    const { user, visitor } = await proofsOf(input, this.#deps)
    const tenant = await this.#tenantFor(input, user)
    if (!isOriginAllowed(tenant, input)) throw new DomainError('not-allowed', FOREIGN_ORIGIN)
    await this.#deps.rateLimits.takeSession(tenant, input.network)
    const returning = visitor?.tenantId === tenant.id ? await this.#remembered(visitor) : null
    const caller = user ? callerIn(user, tenant.id) : (returning ?? newVisitor(tenant))
    if (user && returning) await this.#deps.joinHistory.execute(returning, caller)
    const { token, expiresAt } = await this.#deps.tokens.issue(caller, user?.expiresAt ?? undefined)
    const { models, gate, settings } = this.#deps
    return {
      token,
      expiresAt,
      caller,
      tenant,
      isDemo: models.usual(tenant).isDemo,
      isChatOpen: gate.isOpen(caller, tenant),
      settings,
    }
  }

  /** Who was forgotten as they wished comes back as somebody new. */
  async #remembered(visitor: Caller): Promise<Caller | null> {
    return (await this.#deps.personalData.isForgotten(visitor)) ? null : visitor
  }

  /** The key says it, and without a key what a user proved does. */
  async #tenantFor(
    { publishableKey, tenantId }: StartSessionInput,
    user: ProvenUser | null,
  ): Promise<Tenant> {
    const { tenants } = this.#deps
    const isByUser = user !== null && publishableKey === null
    const tenant = isByUser
      ? await tenants.find(callerIn(user, tenantId).tenantId)
      : await tenants.findByKey(publishableKey)
    if (!tenant) throw new DomainError('not-authenticated', isByUser ? NO_TENANT : keyDetail(publishableKey))
    if (tenantId !== null && tenantId !== tenant.id) throw notThatTenant()
    return tenant
  }
}

const newVisitor = (tenant: Tenant): Caller => ({
  tenantId: tenant.id,
  subject: newId('v'),
  kind: 'visitor',
  role: 'visitor',
})

const NO_TENANT = 'The tenant that you belong to does not exist here.'

const keyDetail = (key: string | null): string =>
  key === null
    ? 'This chat needs the publishable key of the site, in the header X-Colloquy-Key.'
    : 'The publishable key in X-Colloquy-Key is not known here, or has run out. Compare it with those of the tenant, or with PUBLISHABLE_KEY.'
