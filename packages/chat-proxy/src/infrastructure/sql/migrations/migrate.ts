import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../schema.js'
import { MIGRATIONS } from './index.js'

/**
 * Brings the tables up to date, all missing steps in one transaction. `lock` keeps other processes out until its end, so
 * any number of them may start at once: one does the work, the others find it done. Steps of a newer build are let be,
 * so that an older process can still start while a new version is rolled out. `finish` sees all tables as they should be.
 */
export const migrate = (
  kysely: Kysely<Tables>,
  lock: (trx: Transaction<Tables>) => Promise<unknown>,
  finish: (trx: Transaction<Tables>) => Promise<unknown> = async () => {},
): Promise<void> =>
  kysely.transaction().execute(async (trx) => {
    await lock(trx)
    await createMigrationsTable(trx)
    const applied = await trx.selectFrom('migrations').select('id').execute()
    const done = new Set(applied.map(({ id }) => id))
    for (const migration of MIGRATIONS.filter(({ id }) => !done.has(id))) {
      await migration.up(trx)
      const { id, name } = migration
      await trx.insertInto('migrations').values({ id, name, applied_at: Date.now() }).execute()
    }
    await finish(trx)
  })

const createMigrationsTable = (trx: Transaction<Tables>) =>
  trx.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute()
