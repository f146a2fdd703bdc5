import type { Counts } from '../../domain/ports/meter.js'

type Zero = { readonly [Name in keyof Counts]: readonly [Name, Counts[Name]] }[keyof Counts]

const REFUSALS = [
  'internal',
  'overloaded',
  'identity-unavailable',
  'not-authenticated',
  'not-allowed',
] as const
const BUDGETS = ['money_per_day', 'money_per_month', 'tokens_per_day'] as const
const SHARED_BY_MANY = ['tenant', 'installation'] as const
const RATES = ['messages_per_minute', 'sessions_per_minute', 'requests_per_minute'] as const

/**
 * What is told as 0 from the beginning. Prometheus sees a series grow, and not that it came to be: an alert for what happens once, such
 * as a fault, would never fire.
 */
export const zerosOf = (tenants: readonly string[]): readonly Zero[] => [
  ...REFUSALS.map((code): Zero => ['refusals', { code }]),
  ...BUDGETS.flatMap((limit) => SHARED_BY_MANY.map((scope): Zero => ['limits_hit', { limit, scope }])),
  ...RATES.map((limit): Zero => ['limits_hit', { limit, scope: 'ip' }]),
  ...tenants.map((tenant): Zero => ['runs_ended', { tenant, status: 'interrupted', error: 'interrupted' }]),
]
