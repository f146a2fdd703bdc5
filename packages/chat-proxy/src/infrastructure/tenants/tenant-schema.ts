import { z } from 'zod'
import { TIERS } from '../../domain/limits.js'
import { isTimeZone } from '../../domain/spans.js'

/** The fields of a tenant as JSON. Unknown ones are refused: a limit with a slip in its name would be no limit. */

const MOST = 1_000_000_000
const KEY_RULE = 'must be up to 200 visible ASCII characters without spaces'
const ORIGIN_RULE = 'must be an origin such as https://example.com, without a path'

const key = z.string().regex(/^[\x21-\x7e]{1,200}$/, KEY_RULE)
const publishableKey = z.union(
  [
    key.transform((value) => ({ key: value, expires_at: null })),
    z.strictObject({ key, expires_at: z.iso.datetime({ offset: true }).nullable().default(null) }),
  ],
  `must be a key (${KEY_RULE.slice(5)}), or {"key", "expires_at"} with a time such as 2027-01-31T00:00:00Z`,
)

const isOrigin = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && url.origin === text && /^https?:$/.test(url.protocol)
}

const limit = (max = MOST) => z.int().min(0).max(max).nullable().optional()
const dollars = z.number().min(0).max(MOST).nullable().optional()
const modelName = z.string().regex(/^[^\s,]{1,200}$/, 'must be a provider, or provider:model')
const claimPath = z.tuple([z.string().min(1)], z.string().min(1))

const limits = z.strictObject({
  messages_per_minute: z.strictObject({ user: limit(), ip: limit(), tenant: limit() }).optional(),
  sessions_per_minute: z.strictObject({ ip: limit(), tenant: limit() }).optional(),
  requests_per_minute: z.strictObject({ user: limit(), ip: limit() }).optional(),
  messages_per_day: z.strictObject({ user: limit() }).optional(),
  tokens_per_day: z.strictObject({ user: limit(), tenant: limit() }).optional(),
  budget_usd_per_day: z.strictObject({ user: dollars, tenant: dollars }).optional(),
  budget_usd_per_month: z.strictObject({ user: dollars, tenant: dollars }).optional(),
  runs_at_once: z.strictObject({ user: limit(), tenant: limit() }).optional(),
})

const flags = z.strictObject({
  chat_enabled: z.boolean().optional(),
  rollout_percent: z.number().min(0).max(100).optional(),
  admin_only: z.boolean().optional(),
})

const identity = z.strictObject({
  secret: z.string().optional(),
  jwks_url: z.string().optional(),
  issuer: z.string(),
  audiences: z.array(z.string()),
  roles_claims: z
    .array(claimPath)
    .min(1)
    .default([['roles']]),
  roles: z.record(z.string(), z.enum(['admin', 'agent', 'user'])).default({}),
  tenant_claim: claimPath.nullable().default(null),
})

export const tenantId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 characters of A-Z, a-z, 0-9, ".", "_" and "-"')

export const tenantSchema = z.strictObject({
  publishable_keys: z.array(publishableKey).max(20).optional(),
  allowed_origins: z.array(z.string().refine(isOrigin, ORIGIN_RULE)).max(1000).optional(),
  identity: identity.nullable().optional(),
  tier: z.enum(TIERS, `must be one of ${TIERS.join(', ')}`).optional(),
  time_zone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin').optional(),
  models: z.array(modelName).min(1).max(20).nullable().optional(),
  smaller_model: modelName.nullable().optional(),
  system_prompt: z.string().max(100_000).optional(),
  greeting: z.string().max(2_000).optional(),
  suggestions: z.array(z.string().min(1).max(500)).max(20).optional(),
  limits: limits.optional(),
  flags: flags.optional(),
  retention_days: z.int().min(1).max(36_500).optional(),
  titles: z.enum(['first-message', 'model'], 'must be first-message or model').optional(),
})

export type TenantJson = z.output<typeof tenantSchema>
