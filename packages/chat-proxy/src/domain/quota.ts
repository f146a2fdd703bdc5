import type { Caller } from './caller.js'
import type { Counter } from './ledger.js'
import { spanAt, type SpanKind } from './spans.js'
import type { Tenant } from './tenant.js'

/**
 * What the whole installation may spend, money in millionths of a US dollar; `null` without limit. Its days and months are
 * those of UTC.
 */
export interface InstallationBudget {
  readonly tokensPerDay: number | null
  readonly moneyPerDay: number | null
  readonly moneyPerMonth: number | null
}

interface Asking {
  readonly tenant: Tenant
  readonly caller: Pick<Caller, 'subject' | 'role'>
  readonly installation: InstallationBudget
  /** Whether admins have the limits of everybody. */
  readonly limitAdmins: boolean
  readonly now: number
}

const UNLIMITED = { messages: null, tokens: null, money: null }

/**
 * The counters that an answer for this caller counts on. The day of the user is always among them; the others only where they
 * have a limit, because a row that everybody writes is a queue. The order is the same for all, so that none waits for two.
 */
export function countersOf(asking: Asking): readonly Counter[] {
  const { limits } = asking.tenant
  const counters = [
    installationCounter(asking, 'day', {
      ...UNLIMITED,
      tokens: asking.installation.tokensPerDay,
      money: asking.installation.moneyPerDay,
    }),
    installationCounter(asking, 'month', { ...UNLIMITED, money: asking.installation.moneyPerMonth }),
    counter(asking, 'tenant', 'day', {
      ...UNLIMITED,
      tokens: limits.tokensPerDay.tenant,
      money: limits.moneyPerDay.tenant,
    }),
    counter(asking, 'tenant', 'month', { ...UNLIMITED, money: limits.moneyPerMonth.tenant }),
    counter(asking, 'user', 'month', { ...UNLIMITED, money: limits.moneyPerMonth.user }),
  ].filter(({ max }) => Object.values(max).some((limit) => limit !== null))
  const userDay = counter(asking, 'user', 'day', {
    messages: limits.messagesPerDay.user,
    tokens: limits.tokensPerDay.user,
    money: limits.moneyPerDay.user,
  })
  const all = [...counters, userDay]
  const isFree = asking.caller.role === 'admin' && !asking.limitAdmins
  return isFree ? all.map((each) => ({ ...each, max: UNLIMITED })) : all
}

function counter(
  { tenant, caller, now }: Asking,
  scope: 'user' | 'tenant',
  span: SpanKind,
  max: Counter['max'],
): Counter {
  const { start, end } = spanAt(span, tenant.timeZone, now)
  const scopeId = scope === 'user' ? caller.subject : ''
  return { tenantId: tenant.id, scope, scopeId, span, startsAt: start, endsAt: end, max }
}

function installationCounter({ now }: Asking, span: SpanKind, max: Counter['max']): Counter {
  const { start, end } = spanAt(span, 'UTC', now)
  return {
    tenantId: '',
    scope: 'installation',
    scopeId: '',
    span,
    startsAt: start,
    endsAt: end,
    max,
  }
}
