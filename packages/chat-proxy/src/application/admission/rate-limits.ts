import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import { limitsOf, type LimitState } from '../../domain/limits.js'
import type { RateLimit, RateLimiter, ReachedLimit, TenantDirectory } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'

export interface RateLimitsDeps {
  readonly limiter: RateLimiter
  readonly tenants: TenantDirectory
}

/** What callers may do in a minute. */
export class RateLimits {
  readonly #deps: RateLimitsDeps

  constructor(deps: RateLimitsDeps) {
    this.#deps = deps
  }

  /** For one message, before it is stored. @throws DomainError `rate-limited`, `store-unavailable` */
  async takeMessage(caller: Caller): Promise<void> {
    refuseWhenReached(await this.#deps.limiter.take(await this.#messageLimits(caller)), MESSAGES)
  }

  /** For one visitor token of `tenant`, before it is made. @throws DomainError `rate-limited`, `store-unavailable` */
  async takeSession(tenant: Tenant, network: string | null): Promise<void> {
    refuseWhenReached(await this.#deps.limiter.take(sessionLimits(tenant, network)), SESSIONS)
  }

  /** For one call that reads or changes what is kept, before anything is done. @throws DomainError `rate-limited`, `store-unavailable` */
  async takeRequest(caller: Caller): Promise<void> {
    const tenant = await this.#deps.tenants.find(caller.tenantId)
    refuseWhenReached(await this.#deps.limiter.take(requestLimits(caller, tenant)), REQUESTS)
  }

  /** How the caller's limits stand. Takes nothing. @throws DomainError `store-unavailable` */
  async peek(caller: Caller): Promise<readonly LimitState[]> {
    const [messages, tenant] = await Promise.all([
      this.#messageLimits(caller),
      this.#deps.tenants.find(caller.tenantId),
    ])
    const sessions = tenant ? sessionLimits(tenant, caller.network ?? null) : []
    return this.#deps.limiter.peek([...messages, ...sessions, ...requestLimits(caller, tenant)])
  }

  async #messageLimits({ tenantId, subject, network = null }: Caller): Promise<readonly RateLimit[]> {
    const tenant = await this.#deps.tenants.find(tenantId)
    const { user, ip, tenant: all } = (tenant?.limits ?? limitsOf('free')).messagesPerMinute
    return [
      ...limited('messages_per_minute', 'user', tenantId, { id: subject, max: user }),
      ...limited('messages_per_minute', 'ip', tenantId, { id: network, max: ip }),
      ...limited('messages_per_minute', 'tenant', tenantId, { id: '', max: all }),
    ]
  }
}

function sessionLimits({ id: tenantId, limits }: Tenant, network: string | null): readonly RateLimit[] {
  const { ip, tenant: all } = limits.sessionsPerMinute
  return [
    ...limited('sessions_per_minute', 'ip', tenantId, { id: network, max: ip }),
    ...limited('sessions_per_minute', 'tenant', tenantId, { id: '', max: all }),
  ]
}

function requestLimits(
  { tenantId, subject, network = null }: Caller,
  tenant: Tenant | null,
): readonly RateLimit[] {
  const { user, ip } = (tenant?.limits ?? limitsOf('free')).requestsPerMinute
  return [
    ...limited('requests_per_minute', 'user', tenantId, { id: subject, max: user }),
    ...limited('requests_per_minute', 'ip', tenantId, { id: network, max: ip }),
  ]
}

/** None for `max: null`, which is no limit, and for `id: null`, which is nobody that could be told apart. */
const limited = (
  name: RateLimit['name'],
  scope: RateLimit['scope'],
  tenantId: string,
  { id, max }: { readonly id: string | null; readonly max: number | null },
): readonly RateLimit[] => (id === null || max === null ? [] : [{ name, scope, tenantId, id, max }])

const MESSAGES = {
  user: 'You sent many messages in a short time.',
  ip: 'Many messages came from your network in a short time.',
  tenant: 'This chat got many messages in a short time.',
}
const REQUESTS = {
  user: 'You read and changed a lot in a short time.',
  ip: 'Many requests came from your network in a short time.',
  tenant: '',
}
const SESSIONS = {
  user: '',
  ip: 'Many chats were started from your network in a short time.',
  tenant: 'Many chats were started here in a short time.',
}

function refuseWhenReached(reached: ReachedLimit | null, words: Record<RateLimit['scope'], string>): void {
  if (!reached) return
  const { limit, wait } = reached
  const retryAfter = Math.ceil(wait / 1000)
  // A scope of its own type: rate limits have no other ones.
  const sentence = limit.scope === 'installation' ? '' : words[limit.scope]
  throw new DomainError('rate-limited', `${sentence} Go on in ${retryAfter} s.`, { retryAfter, limit })
}
