import { sql } from 'kysely'
import { DomainError } from '../../domain/errors.js'
import type { Dependency } from '../../domain/ports/index.js'
import { INSTALLATION, type SqlDatabase } from './sql-database.js'

/** Readiness of the store: one round trip that touches no table, and whether it takes what is written. */
export const sqlDependency = (database: SqlDatabase): Dependency => ({
  name: 'database',
  isEssential: true,
  async check() {
    await database.use(INSTALLATION, (db) => sql`select 1`.execute(db))
    if (!database.takesWrites) throw new DomainError('store-unavailable', 'Nothing can be written.')
  },
})
