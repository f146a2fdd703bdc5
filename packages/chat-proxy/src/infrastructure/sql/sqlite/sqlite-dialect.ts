import {
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
  type Kysely,
} from 'kysely'
import { changeOne } from '../change-rows.js'
import type { IdiomaticAdapter, Idioms, OpenConnection } from '../idioms.js'
import type { Tables } from '../schema.js'
import { fieldOf } from '../statement.js'
import { SqliteDriver, type SqliteConnection } from './sqlite-driver.js'

/**
 * Kysely's own SQLite grammar over our driver. What `NOW` calls has to be there.
 * @param access `read`: no statement waits for another one, because none is a part of a transaction
 */
export function sqliteDialect(connection: SqliteConnection, access: 'read' | 'write'): Dialect {
  return {
    createDriver: () => new SqliteDriver(connection),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () =>
      access === 'write' ? new SqliteIdioms(connection) : new ReadingSqliteIdioms(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

/** The function of SQL that tells the time in milliseconds since 1970. */
export const NOW = 'now_ms'

/**
 * A statement is executed once for each record. No way to a server would have to be gone once for each, and SQLite reads a JSON text anew
 * for every field that is asked of it: for 256 answers that cost four times as much.
 */
const IDIOMS: Idioms = {
  now: sql`${sql.raw(NOW)}()`,
  recordsOf: (records, fields) =>
    sql`select ${sql.join(fields.map(({ name }) => sql`${fieldOf(records, name)} as ${sql.ref(name)}`))}`,
  changeOf: changeOne,
  writesWithin: false,
  keep: (table, mayChange) => [
    sql`create trigger ${sql.ref(`${table}_stay`)} before delete on ${sql.table(table)}
      begin select raise(abort, 'rows are only added'); end`,
    sql`create trigger ${sql.ref(`${table}_unchanged`)} before update on ${sql.table(table)} when not (${mayChange})
      begin select raise(abort, 'rows are only added'); end`,
  ],
  // What a process has of the file tells no other one which process that is.
  isAbsent: () => sql`true`,
}

class SqliteIdioms extends SqliteAdapter implements IdiomaticAdapter {
  readonly idioms = IDIOMS
  protected readonly connection: OpenConnection

  constructor(connection: OpenConnection) {
    super()
    this.connection = connection
  }

  /** A transaction has it until its end. */
  openConnection(db: Kysely<Tables>): OpenConnection | null {
    return db.isTransaction ? this.connection : null
  }
}

/** To Kysely it looks like any number of connections. */
class ReadingSqliteIdioms extends SqliteIdioms {
  override get supportsMultipleConnections(): boolean {
    return true
  }

  override openConnection(): OpenConnection {
    return this.connection
  }
}
