import type { DatabaseSync } from 'node:sqlite'
import { sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely'
import type { IdiomaticAdapter, Idioms } from '../idioms.js'
import { SqliteDriver } from './sqlite-driver.js'

/**
 * Kysely's own SQLite grammar over our driver. What `NOW` calls has to be there.
 * @param access `read`: no statement waits for another one, because none is a part of a transaction
 */
export const sqliteDialect = (database: DatabaseSync, access: 'read' | 'write'): Dialect => ({
  createDriver: () => new SqliteDriver(database),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => (access === 'write' ? new SqliteIdioms() : new ReadingSqliteIdioms()),
  createIntrospector: (db) => new SqliteIntrospector(db),
})

/** The function of SQL that tells the time in milliseconds since 1970. */
export const NOW = 'now_ms'

const IDIOMS: Idioms = {
  now: sql`${sql.raw(NOW)}()`,
  recordsOf: (json, fields) =>
    sql`select ${sql.join(fields.map(({ name }) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`))} from json_each(${json})`,
  writesWithin: false,
  // A transaction has the whole file for itself.
  lock: () => sql``,
  lockFree: () => sql``,
}

class SqliteIdioms extends SqliteAdapter implements IdiomaticAdapter {
  readonly idioms = IDIOMS
}

/** To Kysely it looks like any number of connections. */
class ReadingSqliteIdioms extends SqliteIdioms {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}
