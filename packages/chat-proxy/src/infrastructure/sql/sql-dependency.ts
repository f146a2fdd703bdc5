import { sql } from 'kysely'
import type { Dependency } from '../../domain/ports/index.js'
import { INSTALLATION, type SqlDatabase } from './sql-database.js'

/** Readiness of the store: one round trip that touches no table. */
export const sqlDependency = (database: SqlDatabase): Dependency => ({
  name: 'database',
  isEssential: true,
  async check() {
    await database.use(INSTALLATION, (db) => sql`select 1`.execute(db))
  },
})
