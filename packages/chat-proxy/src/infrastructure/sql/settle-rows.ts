import { sql, type Selectable, type Transaction } from 'kysely'
import { spendOf, type CounterKey, type Outcome, type Reservation, type Spent } from '../../domain/ledger.js'
import { costOf, type PriceList } from '../../domain/prices.js'
import { bigint, text, type Records } from './idioms.js'
import { KEY_FIELDS, keyToColumns, nameOf } from './ledger-rows.js'
import type { LedgerReservationTable, Tables } from './schema.js'
import { Statement } from './statement.js'

/* Settling, as a part of a transaction: a run is settled together with its end. */

type ReservationRow = Selectable<LedgerReservationTable>

export interface Settlement {
  readonly reservation: Pick<Reservation, 'tenantId' | 'id'>
  readonly outcome: Outcome
}

/** Counts what answers did cost, and gives back the rest. Nothing happens to those that are settled already. */
export async function settle(
  trx: Transaction<Tables>,
  settlements: readonly Settlement[],
  prices: PriceList,
): Promise<void> {
  const keys = settlements.map(({ reservation: { tenantId, id } }) => ({ tenant_id: tenantId, id }))
  const { rows } = await takeAway.execute(trx, { keys })
  // What is settled twice is settled by the first.
  const outcomes = new Map(
    settlements.toReversed().map(({ reservation, outcome }) => [refOf(reservation), outcome]),
  )
  const settled = rows.flatMap((row) => {
    const outcome = outcomes.get(refOf({ tenantId: row.tenant_id, id: row.id }))
    return outcome ? [{ row, spent: spentOn(row, outcome, prices) }] : []
  })
  await count(trx, settled)
}

const refOf = ({ tenantId, id }: Pick<Reservation, 'tenantId' | 'id'>): string =>
  JSON.stringify([tenantId, id])

/** What was reserved as no message is none, whatever came of it. */
function spentOn(row: ReservationRow, outcome: Outcome, prices: PriceList): Spent {
  const spent = spendOf(outcome, { promptTokens: row.prompt_tokens, price: parsePrice(row.price) }, prices)
  return { ...spent, messages: Math.min(spent.messages, row.messages) }
}

const takeAway = new Statement<{ keys: Records }, ReservationRow>((_db, value, { recordsOf }) => {
  const keys = recordsOf(value('keys'), [text('tenant_id'), text('id')])
  return sql<ReservationRow>`delete from ledger_reservations
    where (tenant_id, id) in (select tenant_id, id from (${keys}) as settled) returning *`
})

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
  const spent: Spent = {
    messages: row.messages,
    tokens: row.prompt_tokens,
    money: price ? costOf(sent, price) : 0,
    unpricedTokens: price ? 0 : row.prompt_tokens,
  }
  await count(trx, [{ row, spent }])
}

interface Settled {
  readonly row: ReservationRow
  readonly spent: Spent
}

/** What is added to one counter. */
interface Change {
  messages: number
  tokens: number
  money: number
  unpriced_tokens: number
  reserved_messages: number
  reserved_tokens: number
  reserved_money: number
}

/** On every counter that the reservations stand on; each counter is changed once, for all of them. */
async function count(trx: Transaction<Tables>, settled: readonly Settled[]): Promise<void> {
  const changes = new Map<string, ReturnType<typeof keyToColumns> & Change & { rank: number }>()
  for (const { row, spent } of settled) {
    for (const key of parseKeys(row.counters)) {
      const name = nameOf(key)
      const change = changes.get(name) ?? { ...keyToColumns(key), rank: rankOf(key), ...NO_CHANGE }
      changes.set(name, change)
      change.messages += spent.messages
      change.tokens += spent.tokens
      change.money += spent.money
      change.unpriced_tokens += spent.unpricedTokens
      change.reserved_messages -= row.messages
      change.reserved_tokens -= row.tokens
      change.reserved_money -= row.money
    }
  }
  if (changes.size > 0) await change.execute(trx, { changes: [...changes.values()] })
}

const NO_CHANGE: Change = {
  messages: 0,
  tokens: 0,
  money: 0,
  unpriced_tokens: 0,
  reserved_messages: 0,
  reserved_tokens: 0,
  reserved_money: 0,
}

/** The order in which the domain gives them. */
const SCOPES = ['installation', 'tenant', 'user'] as const
const SPANS = { day: 0, month: 1 } as const
/** Of a user the month comes first. */
const USER_SPANS = { month: 0, day: 1 } as const

const rankOf = ({ scope, span }: CounterKey): number =>
  SCOPES.indexOf(scope) * 2 + (scope === 'user' ? USER_SPANS : SPANS)[span]

const change = new Statement<{ changes: Records }>((_db, value, { changeOf }) => {
  const amounts = Object.keys(NO_CHANGE)
  return changeOf({
    table: 'ledger_counters',
    records: value('changes'),
    keys: KEY_FIELDS,
    fields: ['rank', ...amounts].map(bigint),
    set: (given) =>
      sql.join(
        amounts.map((name) => sql`${sql.ref(name)} = ${sql.ref(`ledger_counters.${name}`)} + ${given(name)}`),
      ),
    order: ['rank', 'tenant_id', 'scope_id', 'starts_at'],
  })
})

// Only `reserve` writes these columns, always from values of these types.
const parseKeys = (json: string): CounterKey[] => JSON.parse(json)
const parsePrice = (json: string | null): Reservation['price'] => (json === null ? null : JSON.parse(json))
