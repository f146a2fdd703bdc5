import type { DatabaseSync } from 'node:sqlite'
import { sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely'
import type { IdiomaticAdapter, Idioms } from '../idioms.js'
import { SqliteDriver } from './sqlite-driver.js'

/** Kysely's own SQLite grammar over our driver. What `NOW` calls has to be there. */
export const sqliteDialect = (database: DatabaseSync): Dialect => ({
  createDriver: () => new SqliteDriver(database),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new SqliteIdioms(),
  createIntrospector: (db) => new SqliteIntrospector(db),
})

/** The function of SQL that tells the time in milliseconds since 1970. */
export const NOW = 'now_ms'

const IDIOMS: Idioms = {
  now: sql`${sql.raw(NOW)}()`,
  recordsOf: (json, fields) =>
    sql`select ${sql.join(fields.map(({ name }) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`))} from json_each(${json})`,
  // A transaction has the whole file for itself.
  lock: () => sql``,
  lockFree: () => sql``,
}

class SqliteIdioms extends SqliteAdapter implements IdiomaticAdapter {
  readonly idioms = IDIOMS
}
