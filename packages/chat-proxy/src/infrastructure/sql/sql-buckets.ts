import { sql, type Transaction } from 'kysely'
import { takenFrom } from '../../domain/token-bucket.js'
import type { AskedToken, SharedBuckets, TakenTokens } from '../rate-limit/shared-buckets.js'
import type { Tables } from './schema.js'
import { EVERY_TENANT, scopeOf, type SqlDatabase } from './sql-database.js'

/** How often full buckets are taken away, and how many in one go. */
const CLEAN_MS = 60_000
const CLEANED = 500

/**
 * Buckets in the database, for processes that share it and no Redis. Rows are locked in the order of their names, so that
 * two requests never wait for each other.
 */
export class SqlBuckets implements SharedBuckets {
  readonly #database: SqlDatabase
  #cleanFrom = 0

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  isShared(): boolean {
    return this.#database.isShared()
  }

  countsAll(): boolean {
    return true
  }

  async take(asked: readonly AskedToken[]): Promise<TakenTokens> {
    const result = await this.#database.quickTransaction(
      scopeOf(asked.map(({ tenantId }) => tenantId)),
      async (trx) => {
        const { debts, now } = await this.#lock(trx, asked)
        const after = takenFrom(
          debts,
          asked.map(({ bucket }) => bucket),
        )
        if (after) await save(trx, asked, { debts: after, now })
        return { isTaken: after !== null, debts: after ?? debts, now }
      },
    )
    this.#cleanSometimes(result.now)
    return result
  }

  async peek(asked: readonly AskedToken[]): Promise<readonly number[]> {
    if (asked.length === 0) return []
    const rows = await this.#database.use(scopeOf(asked.map(({ tenantId }) => tenantId)), (db) =>
      db
        .selectFrom('rate_buckets')
        .select(['tenant_id', 'name', 'full_at', this.#now().as('now')])
        .where((eb) =>
          eb.or(
            asked.map(({ tenantId, name }) =>
              eb.and([eb('tenant_id', '=', tenantId), eb('name', '=', name)]),
            ),
          ),
        )
        .execute(),
    )
    return debtsOf(asked, rows)
  }

  /** Brings the rows into being, so that there is something to lock. */
  async #lock(trx: Transaction<Tables>, asked: readonly AskedToken[]) {
    const sorted = asked.toSorted((a, b) => (keyOf(a.tenantId, a.name) < keyOf(b.tenantId, b.name) ? -1 : 1))
    const rows = await trx
      .insertInto('rate_buckets')
      .values(sorted.map(({ tenantId, name }) => ({ tenant_id: tenantId, name, full_at: 0 })))
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'name'])
          .doUpdateSet((eb) => ({ full_at: eb.ref('rate_buckets.full_at') })),
      )
      .returning(['tenant_id', 'name', 'full_at', this.#now().as('now')])
      .execute()
    // One moment for all: the rows were locked one after the other, each at its own time, and time that passed counts once.
    const now = Math.max(...rows.map((row) => row.now))
    return {
      debts: debtsOf(
        asked,
        rows.map((row) => ({ ...row, now })),
      ),
      now,
    }
  }

  #now() {
    return sql<number>`(${this.#database.now()}) * 1000`
  }

  /** What fails here is done the next time. */
  #cleanSometimes(now: number): void {
    if (now < this.#cleanFrom) return
    const isFirst = this.#cleanFrom === 0
    this.#cleanFrom = now + CLEAN_MS * 1000
    if (!isFirst) this.#clean(now).catch(() => {})
  }

  /** Row by row: a statement that takes many would lock them in an order of its own. */
  async #clean(now: number): Promise<void> {
    const full = await this.#database.use(EVERY_TENANT, (db) =>
      db
        .selectFrom('rate_buckets')
        .select(['tenant_id', 'name'])
        .where('full_at', '<', now)
        .limit(CLEANED)
        .execute(),
    )
    for (const { tenant_id: tenantId, name } of full) {
      await this.#database.quickTransaction(tenantId, (trx) =>
        trx
          .deleteFrom('rate_buckets')
          .where('tenant_id', '=', tenantId)
          .where('name', '=', name)
          .where('full_at', '<', now)
          .execute(),
      )
    }
  }
}

interface Row {
  readonly tenant_id: string
  readonly name: string
  readonly full_at: number
  readonly now: number
}

const debtsOf = (asked: readonly AskedToken[], rows: readonly Row[]): readonly number[] => {
  const stored = new Map(rows.map((row) => [keyOf(row.tenant_id, row.name), row.full_at - row.now]))
  return asked.map(({ tenantId, name, bucket, knownDebt }) =>
    Math.min(Math.max(stored.get(keyOf(tenantId, name)) ?? 0, knownDebt, 0), bucket.capacity),
  )
}

async function save(
  trx: Transaction<Tables>,
  asked: readonly AskedToken[],
  { debts, now }: { readonly debts: readonly number[]; readonly now: number },
): Promise<void> {
  const rows = asked.map(
    ({ tenantId, name }, index) =>
      sql`(cast(${tenantId} as text), cast(${name} as text), cast(${now + (debts[index] ?? 0)} as bigint))`,
  )
  await sql`with given (tenant_id, name, full_at) as (values ${sql.join(rows)})
    update rate_buckets set full_at = given.full_at from given
    where rate_buckets.tenant_id = given.tenant_id and rate_buckets.name = given.name`.execute(trx)
}

const keyOf = (tenantId: string, name: string): string => JSON.stringify([tenantId, name])
