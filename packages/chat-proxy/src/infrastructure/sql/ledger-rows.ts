import { sql, type Kysely, type Selectable, type Transaction } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import {
  isNearlySpent,
  limitInTheWay,
  quotaExceeded,
  spendOf,
  type Counter,
  type CounterKey,
  type CounterState,
  type Outcome,
  type Reservation,
  type Spent,
} from '../../domain/ledger.js'
import { costOf, type PriceList } from '../../domain/prices.js'
import { recordEvent } from './record-event.js'
import type { LedgerCounterTable, LedgerReservationTable, Tables } from './schema.js'

/*
 * Setting aside and settling, as parts of a transaction: a run is admitted together with its reservation or not at all, and
 * settled together with its end. Counters are taken in the order in which the domain gives them, which is the same for all.
 */

const KEY = ['tenant_id', 'scope', 'scope_id', 'span', 'starts_at'] as const

/**
 * Sets the worst case aside on every counter, or on none: one statement, in which each counter is compared with its limit.
 * @returns whether a budget is nearly spent
 * @throws DomainError `quota-exceeded` naming the limit; the transaction has to be given up then
 */
export async function reserve(
  trx: Transaction<Tables>,
  reservation: Reservation,
  now: number,
): Promise<{ isNearlySpent: boolean }> {
  const { counters, worst } = reservation
  const fresh = counters
    .map((counter) => limitInTheWay(untouched(counter), worst))
    .find((limit) => limit !== null)
  if (fresh) throw quotaExceeded(fresh, now)
  const taken = await raise(trx, reservation)
  if (taken.length < counters.length) throw await refusal(trx, reservation, taken, now)
  await trx.insertInto('ledger_reservations').values(reservationToRow(reservation)).execute()
  const nearlySpent = taken.filter((row) => isNearlySpent(rowToCounter(row)))
  for (const row of nearlySpent) await warnOnce(trx, reservation, row, now)
  return { isNearlySpent: nearlySpent.length > 0 }
}

const untouched = (counter: Counter): CounterState => ({ ...counter, used: NOTHING, reserved: NOTHING })

const NOTHING = { messages: 0, tokens: 0, money: 0 }

function raise(
  trx: Transaction<Tables>,
  { counters, worst }: Reservation,
): Promise<Selectable<LedgerCounterTable>[]> {
  const rows = counters.map((counter) => ({
    ...keyToColumns(counter),
    ends_at: counter.endsAt,
    max_messages: counter.max.messages,
    max_tokens: counter.max.tokens,
    max_money: counter.max.money,
    ...NOTHING,
    unpriced_tokens: 0,
    reserved_messages: worst.messages,
    reserved_tokens: worst.tokens,
    reserved_money: worst.money,
  }))
  return trx
    .insertInto('ledger_counters')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns([...KEY])
        .doUpdateSet({
          max_messages: sql.ref('excluded.max_messages'),
          max_tokens: sql.ref('excluded.max_tokens'),
          max_money: sql.ref('excluded.max_money'),
          reserved_messages: sql`ledger_counters.reserved_messages + excluded.reserved_messages`,
          reserved_tokens: sql`ledger_counters.reserved_tokens + excluded.reserved_tokens`,
          reserved_money: sql`ledger_counters.reserved_money + excluded.reserved_money`,
        })
        .where(sql<boolean>`${hasRoom('messages')} and ${hasRoom('tokens')} and ${hasRoom('money')}`),
    )
    .returningAll()
    .execute()
}

const hasRoom = (measure: 'messages' | 'tokens' | 'money') => {
  const [max, used, reserved] = [`max_${measure}`, measure, `reserved_${measure}`]
  const ours = (column: string) => sql.ref(`ledger_counters.${column}`)
  const asked = (column: string) => sql.ref(`excluded.${column}`)
  return sql`(${asked(max)} is null or ${ours(used)} + ${ours(reserved)} + ${asked(reserved)} <= ${asked(max)})`
}

/** Which limit it was; looked up only when there was one. */
async function refusal(
  trx: Transaction<Tables>,
  reservation: Reservation,
  taken: readonly Selectable<LedgerCounterTable>[],
  now: number,
): Promise<Error> {
  const raised = new Set(taken.map((row) => nameOf(rowToCounter(row))))
  const states = await countersNow(trx, reservation.counters)
  // Those that had room were raised already in this transaction; the one that refused was not.
  for (const state of states) {
    const limit = raised.has(nameOf(state)) ? null : limitInTheWay(state, reservation.worst)
    if (limit) return quotaExceeded(limit, now)
  }
  return new Error('A counter refused although it has room.')
}

/** How counters stand, in the order asked for; those that nobody has used yet as zero. */
export async function countersNow(
  db: Kysely<Tables>,
  counters: readonly Counter[],
): Promise<readonly CounterState[]> {
  const rows = await db
    .selectFrom('ledger_counters')
    .selectAll()
    .where((eb) => eb.or(counters.map((counter) => eb.and(keyToColumns(counter)))))
    .execute()
  const byKey = new Map(rows.map((row) => [nameOf(rowToCounter(row)), row]))
  return counters.map((counter) => {
    const row = byKey.get(nameOf(counter))
    return row ? { ...rowToCounter(row), max: counter.max } : untouched(counter)
  })
}

async function warnOnce(
  trx: Transaction<Tables>,
  { tenantId }: Reservation,
  row: Selectable<LedgerCounterTable>,
  now: number,
): Promise<void> {
  if (row.warned_at !== null) return
  const counter = rowToCounter(row)
  const { scope, scopeId, span, startsAt } = counter
  await trx
    .updateTable('ledger_counters')
    .set({ warned_at: now })
    .where((eb) => eb.and(keyToColumns(counter)))
    .execute()
  const event: DomainEvent = {
    tenantId,
    type: 'budget.warned',
    subjectId: scopeId || scope,
    actor: 'system',
    at: now,
    data: { scope, span, startsAt },
  }
  await recordEvent(trx, event)
}

/** Counts what an answer did cost, and gives back the rest. Nothing happens when it is settled already. */
export async function settle(
  trx: Transaction<Tables>,
  { tenantId, id }: Pick<Reservation, 'tenantId' | 'id'>,
  outcome: Outcome,
  prices: PriceList,
): Promise<void> {
  const row = await trx
    .deleteFrom('ledger_reservations')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) return
  const spent = spendOf(outcome, { promptTokens: row.prompt_tokens, price: parsePrice(row.price) }, prices)
  // What was reserved as no message is none, whatever came of it.
  await count(trx, row, { ...spent, messages: Math.min(spent.messages, row.messages) })
}

/** The same for one whose process is dead, unless it was extended after all: what was sent counts. */
export async function settleAsSent(
  trx: Transaction<Tables>,
  { tenant_id, id }: Pick<LedgerReservationTable, 'tenant_id' | 'id'>,
  now: number,
): Promise<void> {
  const row = await trx
    .deleteFrom('ledger_reservations')
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .where('expires_at', '<=', now)
    .returningAll()
    .executeTakeFirst()
  if (!row) return
  const price = parsePrice(row.price)
  const sent = { prompt_tokens: row.prompt_tokens, completion_tokens: 0 }
  await count(trx, row, {
    messages: row.messages,
    tokens: row.prompt_tokens,
    money: price ? costOf(sent, price) : 0,
    unpricedTokens: price ? 0 : row.prompt_tokens,
  })
}

/** On every counter that the reservation stands on. */
async function count(
  trx: Transaction<Tables>,
  row: Selectable<LedgerReservationTable>,
  spent: Spent,
): Promise<void> {
  for (const key of parseKeys(row.counters)) {
    await trx
      .updateTable('ledger_counters')
      .set((eb) => ({
        messages: eb('messages', '+', spent.messages),
        tokens: eb('tokens', '+', spent.tokens),
        money: eb('money', '+', spent.money),
        unpriced_tokens: eb('unpriced_tokens', '+', spent.unpricedTokens),
        reserved_messages: eb('reserved_messages', '-', row.messages),
        reserved_tokens: eb('reserved_tokens', '-', row.tokens),
        reserved_money: eb('reserved_money', '-', row.money),
      }))
      .where((eb) => eb.and(keyToColumns(key)))
      .execute()
  }
}

const keyToColumns = ({ tenantId, scope, scopeId, span, startsAt }: CounterKey) => ({
  tenant_id: tenantId,
  scope,
  scope_id: scopeId,
  span,
  starts_at: startsAt,
})

const nameOf = (key: CounterKey): string => JSON.stringify(Object.values(keyToColumns(key)))

const rowToCounter = (row: Selectable<LedgerCounterTable>): CounterState => ({
  tenantId: row.tenant_id,
  scope: row.scope,
  scopeId: row.scope_id,
  span: row.span,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  max: { messages: row.max_messages, tokens: row.max_tokens, money: row.max_money },
  used: { messages: row.messages, tokens: row.tokens, money: row.money },
  reserved: { messages: row.reserved_messages, tokens: row.reserved_tokens, money: row.reserved_money },
})

const reservationToRow = (reservation: Reservation): Selectable<LedgerReservationTable> => ({
  tenant_id: reservation.tenantId,
  id: reservation.id,
  counters: JSON.stringify(
    reservation.counters.map(({ tenantId, scope, scopeId, span, startsAt }) => ({
      tenantId,
      scope,
      scopeId,
      span,
      startsAt,
    })),
  ),
  ...reservation.worst,
  prompt_tokens: reservation.promptTokens,
  price: reservation.price && JSON.stringify(reservation.price),
  expires_at: reservation.expiresAt,
})

// Only this file writes these columns, always from values of these types.
const parseKeys = (json: string): CounterKey[] => JSON.parse(json)
const parsePrice = (json: string | null): Reservation['price'] => (json === null ? null : JSON.parse(json))
