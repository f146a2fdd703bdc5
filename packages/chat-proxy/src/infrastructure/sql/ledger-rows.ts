import type { Kysely, Selectable } from 'kysely'
import type { Counter, CounterKey, CounterState } from '../../domain/ledger.js'
import { bigint, text } from './idioms.js'
import type { LedgerCounterTable, Tables } from './schema.js'

/*
 * Counters as rows. Whoever changes several takes them in the order in which the domain gives them: those that more people share
 * first. Of one kind they are taken by name, so that none waits for two.
 */

export type CounterRow = Selectable<LedgerCounterTable>

export const NOTHING = { messages: 0, tokens: 0, money: 0 }

/** The columns of the key. */
export const KEY_FIELDS = [
  ...['tenant_id', 'scope', 'scope_id', 'span'].map(text),
  ...['starts_at'].map(bigint),
]

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

export const untouched = (counter: Counter): CounterState => ({
  ...counter,
  used: NOTHING,
  reserved: NOTHING,
})

export const keyToColumns = ({ tenantId, scope, scopeId, span, startsAt }: CounterKey) => ({
  tenant_id: tenantId,
  scope,
  scope_id: scopeId,
  span,
  starts_at: startsAt,
})

export const nameOf = (key: CounterKey): string => JSON.stringify(Object.values(keyToColumns(key)))

export const rowToCounter = (row: CounterRow): CounterState => ({
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
