import type { IdentitySettings } from '../../domain/identity.js'
import { limitsOf, type Limits } from '../../domain/limits.js'
import { DEFAULT_TENANT_ID, type Tenant, type TenantFlags } from '../../domain/tenant.js'
import type { TenantJson } from './tenant-schema.js'

export interface TenantBase {
  /** What holds where nothing is said; its keys, origins and identity only for the tenant of its own id. */
  readonly base: Tenant
  /** Who writes the settings, as in `IdentityKeys`. */
  readonly namedBy: 'operator' | 'tenant'
}

/** The tenant that checked JSON describes. */
export function tenantFromJson(id: string, json: TenantJson, { base, namedBy }: TenantBase): Tenant {
  const own = id === base.id ? base : { publishableKeys: [], allowedOrigins: [], identity: null }
  const tier = json.tier ?? base.tier
  return {
    ...base,
    ...own,
    id,
    tier,
    ...(json.publishable_keys && { publishableKeys: json.publishable_keys.map(keyFromJson) }),
    ...(json.allowed_origins && { allowedOrigins: json.allowed_origins }),
    ...(json.identity !== undefined && {
      identity: json.identity && identityFromJson(json.identity, namedBy),
    }),
    ...(json.time_zone !== undefined && { timeZone: json.time_zone }),
    ...(json.models !== undefined && { models: json.models }),
    ...(json.smaller_model !== undefined && { smallerModel: json.smaller_model }),
    ...(json.system_prompt !== undefined && { systemPrompt: json.system_prompt }),
    ...(json.greeting !== undefined && { greeting: json.greeting }),
    ...(json.suggestions && { suggestions: json.suggestions }),
    ...(json.retention_days !== undefined && { retentionDays: json.retention_days }),
    ...(json.titles && { titles: json.titles }),
    limits: limitsFromJson(json.limits ?? {}, baseLimits(base, tier)),
    flags: flagsFromJson(json.flags ?? {}, base.flags),
  }
}

/** Another tier than the installation's comes with its own messages a day. */
const baseLimits = ({ limits, tier: usual }: Tenant, tier: Tenant['tier']): Limits =>
  tier === usual ? limits : { ...limits, messagesPerDay: limitsOf(tier).messagesPerDay }

const keyFromJson = ({ key, expires_at }: { key: string; expires_at: string | null }) => ({
  key,
  expiresAt: expires_at === null ? null : Date.parse(expires_at),
})

type LimitsJson = NonNullable<TenantJson['limits']>

/** `undefined` is as before, `null` without limit. */
type Said<T> = { readonly [Scope in keyof T]?: number | null | undefined }

const over = <T extends Readonly<Record<string, number | null>>>(
  usual: T,
  said: Said<T> = {},
  unit: (value: number) => number = (value) => value,
): T => {
  const named = Object.entries(said).flatMap(([scope, value]) =>
    value === undefined ? [] : [[scope, typeof value === 'number' ? unit(value) : null] as const],
  )
  return { ...usual, ...Object.fromEntries(named) }
}

const microdollars = (dollars: number): number => Math.round(dollars * 1_000_000)

const limitsFromJson = (json: LimitsJson, usual: Limits): Limits => ({
  messagesPerMinute: over(usual.messagesPerMinute, json.messages_per_minute),
  sessionsPerMinute: over(usual.sessionsPerMinute, json.sessions_per_minute),
  requestsPerMinute: over(usual.requestsPerMinute, json.requests_per_minute),
  messagesPerDay: over(usual.messagesPerDay, json.messages_per_day),
  tokensPerDay: over(usual.tokensPerDay, json.tokens_per_day),
  moneyPerDay: over(usual.moneyPerDay, json.budget_usd_per_day, microdollars),
  moneyPerMonth: over(usual.moneyPerMonth, json.budget_usd_per_month, microdollars),
  runsAtOnce: over(usual.runsAtOnce, json.runs_at_once),
})

const flagsFromJson = (json: NonNullable<TenantJson['flags']>, usual: TenantFlags): TenantFlags => ({
  chatEnabled: json.chat_enabled ?? usual.chatEnabled,
  rolloutPercent: json.rollout_percent ?? usual.rolloutPercent,
  adminOnly: json.admin_only ?? usual.adminOnly,
})

const identityFromJson = (
  json: NonNullable<TenantJson['identity']>,
  namedBy: TenantBase['namedBy'],
): IdentitySettings => ({
  keys:
    json.jwks_url === undefined
      ? { kind: 'secret', secret: json.secret ?? '' }
      : { kind: 'jwks', url: json.jwks_url, namedBy },
  issuer: json.issuer,
  audiences: json.audiences,
  claims: {
    roles: json.roles_claims,
    roleNames: json.roles,
    tenant: json.tenant_claim,
  },
})

/** Without a key only users who prove who they are could enter; the tenant of the installation alone may be open. */
export const needsKey = ({ id, publishableKeys, identity }: Tenant): boolean =>
  id !== DEFAULT_TENANT_ID && publishableKeys.length === 0 && identity === null
