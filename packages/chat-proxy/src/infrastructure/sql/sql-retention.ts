import type { Forgotten, Retention } from '../../domain/ports/index.js'
import { purgeConversations } from './purge-rows.js'
import { EVERY_TENANT, type SqlDatabase } from './sql-database.js'

export class SqlRetention implements Retention {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  tenantsWithDeleted(): Promise<readonly string[]> {
    return this.#database.use(EVERY_TENANT, async (db) => {
      const rows = await db
        .selectFrom('conversations')
        .select('tenant_id')
        .distinct()
        .where('deleted_at', 'is not', null)
        .orderBy('tenant_id')
        .execute()
      return rows.map((row) => row.tenant_id)
    })
  }

  async purge(
    tenantId: string,
    {
      deletedUntil,
      limit,
      at,
    }: { readonly deletedUntil: number; readonly limit: number; readonly at: number },
  ): Promise<Forgotten> {
    const purged = await this.#database.transaction(tenantId, async (trx) => {
      const rows = await trx
        .selectFrom('conversations')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('deleted_at', '<=', deletedUntil)
        .orderBy('deleted_at')
        .orderBy('id')
        .limit(limit + 1)
        .execute()
      return purgeConversations(
        trx,
        rows.map(({ id }) => id),
        { tenantId, limit, at },
      )
    })
    if (purged.messages > 0) await this.#database.overwriteDeleted()
    return purged
  }

  purgeCounts({
    endedUntil,
    limit,
  }: {
    readonly endedUntil: number
    readonly limit: number
  }): Promise<number> {
    return this.#database.transaction(EVERY_TENANT, async (trx) => {
      const over = trx
        .selectFrom('ledger_counters')
        .select(KEY)
        .where('ends_at', '<=', endedUntil)
        .where('reserved_messages', '=', 0)
        .where('reserved_tokens', '=', 0)
        .where('reserved_money', '=', 0)
        .orderBy('ends_at')
        .limit(limit)
      const { numDeletedRows } = await trx
        .deleteFrom('ledger_counters')
        .where((eb) => eb(eb.refTuple(...KEY), 'in', over.$asTuple(...KEY)))
        .executeTakeFirst()
      return Number(numDeletedRows)
    })
  }
}

const KEY = ['tenant_id', 'scope', 'scope_id', 'span', 'starts_at'] as const
