import { sql, type Kysely, type Transaction } from 'kysely'
import type { CounterKey } from '../../domain/ledger.js'
import type { Tables } from './schema.js'

/** Whose name stands there, and what is put in its place. */
export interface Renaming {
  readonly tenantId: string
  readonly name: string
  readonly pseudonym: string
}

/**
 * What the person used still counts for the tenant, under the pseudonym. What is set aside comes first: an answer that is
 * settled at this moment holds its row, and is waited for.
 */
export async function anonymiseLedger(trx: Transaction<Tables>, renaming: Renaming): Promise<void> {
  await renameReservations(trx, renaming)
  await moveCounters(trx, renaming)
}

async function renameReservations(
  trx: Transaction<Tables>,
  { tenantId, name, pseudonym }: Renaming,
): Promise<void> {
  // Only what is under way right now is in this table.
  const open = await trx
    .selectFrom('ledger_reservations')
    .select(['id', 'counters'])
    .where('tenant_id', '=', tenantId)
    .orderBy('id')
    .execute()
  for (const { id, counters } of open) {
    const keys = parseKeys(counters)
    if (!keys.some((key) => namesPerson(key, name))) continue
    const renamed = keys.map((key) => (namesPerson(key, name) ? { ...key, scopeId: pseudonym } : key))
    await trx
      .updateTable('ledger_reservations')
      .set({ counters: JSON.stringify(renamed) })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .execute()
  }
}

// The ledger writes this column, always from values of this type.
const parseKeys = (json: string): CounterKey[] => JSON.parse(json)
const namesPerson = ({ scope, scopeId }: CounterKey, name: string): boolean =>
  scope === 'user' && scopeId === name

const SUMS = [
  'messages',
  'tokens',
  'money',
  'unpriced_tokens',
  'reserved_messages',
  'reserved_tokens',
  'reserved_money',
] as const

async function moveCounters(
  trx: Transaction<Tables>,
  { tenantId, name, pseudonym }: Renaming,
): Promise<void> {
  const moved = await trx
    .deleteFrom('ledger_counters')
    .where('tenant_id', '=', tenantId)
    .where('scope', '=', 'user')
    .where('scope_id', '=', name)
    .returningAll()
    .execute()
  for (const row of moved) {
    await trx
      .insertInto('ledger_counters')
      .values({ ...row, scope_id: pseudonym })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'scope', 'scope_id', 'span', 'starts_at'])
          .doUpdateSet(Object.fromEntries(SUMS.map((column) => [column, added(column)]))),
      )
      .execute()
  }
}

const added = (column: string) =>
  sql`${sql.ref(`ledger_counters.${column}`)} + ${sql.ref(`excluded.${column}`)}`

/** Whether something is under way on the account of the pseudonym that will be recorded under the person's name. */
export async function hasOpenReservation(
  db: Kysely<Tables>,
  { tenantId, pseudonym }: Pick<Renaming, 'tenantId' | 'pseudonym'>,
): Promise<boolean> {
  const open = await db
    .selectFrom('ledger_reservations')
    .select('counters')
    .where('tenant_id', '=', tenantId)
    .execute()
  return open.some(({ counters }) => parseKeys(counters).some((key) => namesPerson(key, pseudonym)))
}
