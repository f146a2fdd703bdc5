import { sql, type Selectable, type Transaction } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import { isNearlySpent, limitInTheWay, quotaExceeded, type Reservation } from '../../domain/ledger.js'
import { bigint, type Records } from './idioms.js'
import {
  countersNow,
  KEY_FIELDS,
  keyToColumns,
  nameOf,
  rowToCounter,
  untouched,
  type CounterRow,
} from './ledger-rows.js'
import { recordEvent } from './record-event.js'
import type { LedgerReservationTable, Tables } from './schema.js'
import { Statement } from './statement.js'

/* Setting aside, as a part of a transaction: a run is admitted together with its reservation or not at all. */

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
  const { rows: taken } = await raise.execute(trx, { counters: asked(reservation) })
  if (taken.length < counters.length) throw await refusal(trx, reservation, taken, now)
  await keep.execute(trx, reservationToRow(reservation))
  const nearlySpent = taken.filter((row) => isNearlySpent(rowToCounter(row)))
  for (const row of nearlySpent) await warnOnce(trx, reservation, row, now)
  return { isNearlySpent: nearlySpent.length > 0 }
}

const asked = ({ counters, worst }: Reservation) =>
  counters.map((counter) => ({
    ...keyToColumns(counter),
    ends_at: counter.endsAt,
    max_messages: counter.max.messages,
    max_tokens: counter.max.tokens,
    max_money: counter.max.money,
    reserved_messages: worst.messages,
    reserved_tokens: worst.tokens,
    reserved_money: worst.money,
  }))

/** The `where` of the select tells SQLite that what follows is no join. */
const raise = new Statement<{ counters: Records }, CounterRow>((_db, value, { recordsOf }) => {
  const names = [
    'ends_at',
    ...['max', 'reserved'].flatMap((kind) => MEASURED.map((each) => `${kind}_${each}`)),
  ]
  const fields = [...KEY_FIELDS, ...names.map(bigint)]
  const columns = sql.join(fields.map(({ name }) => sql.ref(name)))
  const changes = sql.join(MEASURED.flatMap((measure) => [newLimit(measure), more(measure)]))
  return sql<CounterRow>`insert into ledger_counters (${columns})
    select ${columns} from (${recordsOf(value('counters'), fields)}) as asked where true
    on conflict (tenant_id, scope, scope_id, span, starts_at) do update set ${changes}
    where ${sql.join(MEASURED.map(hasRoom), sql` and `)}
    returning *`
})

const MEASURED = ['messages', 'tokens', 'money'] as const
type Measured = (typeof MEASURED)[number]

const ours = (column: string) => sql.ref(`ledger_counters.${column}`)
const theirs = (column: string) => sql.ref(`excluded.${column}`)

const newLimit = (measure: Measured) => sql`${sql.ref(`max_${measure}`)} = ${theirs(`max_${measure}`)}`

function more(measure: Measured) {
  const column = `reserved_${measure}`
  return sql`${sql.ref(column)} = ${ours(column)} + ${theirs(column)}`
}

function hasRoom(measure: Measured) {
  const [max, reserved] = [`max_${measure}`, `reserved_${measure}`]
  return sql`(${theirs(max)} is null or ${ours(measure)} + ${ours(reserved)} + ${theirs(reserved)} <= ${theirs(max)})`
}

/** Which limit it was; looked up only when there was one. */
async function refusal(
  trx: Transaction<Tables>,
  reservation: Reservation,
  taken: readonly CounterRow[],
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

async function warnOnce(
  trx: Transaction<Tables>,
  { tenantId }: Reservation,
  row: CounterRow,
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

const keep = new Statement<Selectable<LedgerReservationTable>>((db, value) =>
  db.insertInto('ledger_reservations').values({
    tenant_id: value('tenant_id'),
    id: value('id'),
    counters: value('counters'),
    messages: value('messages'),
    tokens: value('tokens'),
    money: value('money'),
    prompt_tokens: value('prompt_tokens'),
    price: value('price'),
    expires_at: value('expires_at'),
  }),
)

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
