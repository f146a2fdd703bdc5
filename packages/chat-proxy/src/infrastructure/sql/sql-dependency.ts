import { sql } from 'kysely'
import type { Dependency } from '../../domain/ports/index.js'
import { inStore, type SqlDatabase } from './sql-database.js'

/** Readiness of the store: one round trip that touches no table. */
export const sqlDependency = (database: SqlDatabase): Dependency => ({
  name: 'database',
  async check() {
    await inStore(database, (db) => sql`select 1`.execute(db))
  },
})
