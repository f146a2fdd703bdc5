import type { IdentitySettings } from './identity.js'
import { limitsOf, type Limits, type Tier } from './limits.js'

/** A site, or a customer of one, with what its visitors may see and use. */
export interface Tenant {
  readonly id: string
  /** Publishable keys that `chat/start` accepts; empty: no key is needed. */
  readonly publishableKeys: readonly PublishableKey[]
  /** Origins a browser may call from, as `scheme://host[:port]`. The proxy's own and localhost are always allowed for `default`. */
  readonly allowedOrigins: readonly string[]
  /** How users of this tenant alone prove who they are, beside what the installation accepts. */
  readonly identity: IdentitySettings | null
  readonly tier: Tier
  /** IANA name; a day and a month of its quotas begin at midnight there. */
  readonly timeZone: string
  /** Names of providers or `provider:model`, in the order in which they are asked; `null`: those of the installation. */
  readonly models: readonly string[] | null
  /** Answers instead when a budget is nearly spent; `null`: the usual model until the end. */
  readonly smallerModel: string | null
  readonly systemPrompt: string
  readonly greeting: string
  readonly suggestions: readonly string[]
  readonly limits: Limits
  readonly flags: TenantFlags
  /** Days after which a deleted conversation is gone for good. */
  readonly retentionDays: number
  /** Who names a conversation: its first message, or the model after the first answer. */
  readonly titles: 'first-message' | 'model'
}

/** Stands in a page, so it is no secret. Two are valid side by side while a site changes from one to the other. */
export interface PublishableKey {
  readonly key: string
  /** Milliseconds since 1970; `null`: until it is taken out. */
  readonly expiresAt: number | null
}

export interface TenantFlags {
  readonly chatEnabled: boolean
  /** Share of callers that get the chat, 0 to 100; a caller stays in or out. */
  readonly rolloutPercent: number
  /** Only admins get the chat. */
  readonly adminOnly: boolean
}

/** Days for which a deleted conversation is kept when nothing else is said. */
export const DEFAULT_RETENTION_DAYS = 90

export const DEFAULT_TENANT_ID = 'default'

/** A tenant of which only some things are said; the rest as in a fresh installation. */
export function tenantOf({ id, ...given }: Partial<Tenant> & Pick<Tenant, 'id'>): Tenant {
  const tier = given.tier ?? 'free'
  return {
    id,
    publishableKeys: [],
    allowedOrigins: [],
    identity: null,
    tier,
    timeZone: 'UTC',
    models: null,
    smallerModel: null,
    systemPrompt: '',
    greeting: '',
    suggestions: [],
    limits: limitsOf(tier),
    flags: { chatEnabled: true, rolloutPercent: 100, adminOnly: false },
    retentionDays: DEFAULT_RETENTION_DAYS,
    titles: 'first-message',
    ...given,
  }
}
