/**
 * What a tenant's callers may use, for each person (`user`), each address (`ip`; IPv6 by its /64) and the whole site (`tenant`).
 * `null` means without limit.
 */
export interface Limits {
  /** Questions a minute. */
  readonly messagesPerMinute: {
    readonly user: number | null
    readonly ip: number | null
    readonly tenant: number | null
  }
  /** New and renewed visitor tokens a minute. */
  readonly sessionsPerMinute: { readonly ip: number | null; readonly tenant: number | null }
  /** Calls a minute that read or change what is kept of conversations. Questions are no part of it: they have their own. */
  readonly requestsPerMinute: { readonly user: number | null; readonly ip: number | null }
  /** Questions a day. */
  readonly messagesPerDay: { readonly user: number | null }
  /** Tokens a day, of questions and answers together. */
  readonly tokensPerDay: { readonly user: number | null; readonly tenant: number | null }
  /** Millionths of a US dollar a day. */
  readonly moneyPerDay: { readonly user: number | null; readonly tenant: number | null }
  /** Millionths of a US dollar a month. */
  readonly moneyPerMonth: { readonly user: number | null; readonly tenant: number | null }
  /** Answers that are made at the same time. */
  readonly runsAtOnce: { readonly user: number | null; readonly tenant: number | null }
}

export const TIERS = ['free', 'pro', 'enterprise'] as const
export type Tier = (typeof TIERS)[number]

const MESSAGES_A_DAY: Record<Tier, number | null> = { free: 100, pro: 1_000, enterprise: null }

/** The limits of a tier when nothing else is said. */
export const limitsOf = (tier: Tier): Limits => ({
  messagesPerMinute: { user: 20, ip: 60, tenant: 6_000 },
  sessionsPerMinute: { ip: 60, tenant: 6_000 },
  requestsPerMinute: { user: 300, ip: 3_000 },
  messagesPerDay: { user: MESSAGES_A_DAY[tier] },
  tokensPerDay: { user: null, tenant: null },
  moneyPerDay: { user: null, tenant: null },
  moneyPerMonth: { user: null, tenant: null },
  runsAtOnce: { user: 4, tenant: 1_000 },
})

/** Nothing is limited. */
export const NO_LIMITS: Limits = {
  messagesPerMinute: { user: null, ip: null, tenant: null },
  sessionsPerMinute: { ip: null, tenant: null },
  requestsPerMinute: { user: null, ip: null },
  messagesPerDay: { user: null },
  tokensPerDay: { user: null, tenant: null },
  moneyPerDay: { user: null, tenant: null },
  moneyPerMonth: { user: null, tenant: null },
  runsAtOnce: { user: null, tenant: null },
}

/** Who shares a limit. */
export type LimitScope = 'user' | 'ip' | 'tenant' | 'installation'

export type LimitName =
  | 'messages_per_minute'
  | 'sessions_per_minute'
  | 'requests_per_minute'
  | 'messages_per_day'
  | 'tokens_per_day'
  | 'money_per_day'
  | 'money_per_month'
  | 'runs_at_once'

/** What an installation may do, and what a tenant may spend: callers are told the share that is used, and no figure. */
export const isOperators = ({ name, scope }: Pick<LimitState, 'name' | 'scope'>): boolean =>
  scope === 'installation' || (scope === 'tenant' && name.startsWith('money_'))

/** One limit as it stands for one caller; what a refusal names and `GET /usage` lists. */
export interface LimitState {
  readonly name: LimitName
  readonly scope: LimitScope
  readonly max: number
  readonly used: number
  /** Of answers at once of a person: those that wait for their turn. What remains is what they leave. */
  readonly waiting?: number
  readonly remaining: number
  /** Milliseconds since 1970; `null` when it is freed by answers that end, and by no clock. */
  readonly resetsAt: number | null
}
