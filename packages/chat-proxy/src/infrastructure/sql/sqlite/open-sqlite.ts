import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { migrate } from '../migrations/migrate.js'
import type { Tables } from '../schema.js'
import { SqlDatabase } from '../sql-database.js'
import { toStoreError } from '../sql-error.js'
import { retryWhileBusy } from './retry-while-busy.js'
import { sqliteDialect } from './sqlite-dialect.js'
import { isSqliteUnavailable } from './sqlite-failures.js'

export interface SqliteOptions {
  /** Path of the database file, made with its folder when missing, readable by this user alone; or `:memory:`. */
  readonly file: string
}

/**
 * Opens the database and brings its tables up to date. What is committed is on the disk (`synchronous=FULL`). Several
 * processes may open one file.
 * @throws DomainError `store-unavailable` when the file cannot be opened, made or written.
 */
export async function openSqlite({ file }: SqliteOptions): Promise<SqlDatabase> {
  try {
    if (file !== ':memory:') createPrivately(file)
    return await openDatabase(file)
  } catch (error) {
    throw toStoreError(error, isSqliteUnavailable)
  }
}

async function openDatabase(file: string): Promise<SqlDatabase> {
  const sqlite = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true })
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(sqlite) })
  try {
    await retryWhileBusy(() => sqlite.exec('pragma journal_mode = wal; pragma synchronous = full'))
    // The transaction itself, being immediate, is the lock.
    await migrate(kysely, async () => {})
  } catch (error) {
    sqlite.close()
    throw error
  }
  return new SqlDatabase(kysely, isSqliteUnavailable)
}

/** SQLite itself would make the file readable by everybody; its side files take over the mode of the first. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
}
