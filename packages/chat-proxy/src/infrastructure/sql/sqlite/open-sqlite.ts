import { resolve } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { migrate } from '../migrations/migrate.js'
import type { Tables } from '../schema.js'
import { SqlDatabase, type SqlTechnology } from '../sql-database.js'
import { toStoreError } from '../sql-error.js'
import { createPrivately, openDatabaseFile, syncFolders, type DatabaseFileOptions } from './database-file.js'
import { GroupCommit } from './group-commit.js'
import { announcePresence } from './presence.js'
import { retryWhileBusy } from './retry-while-busy.js'
import { sharingTest, tellOthers } from './sharing.js'
import { NOW, sqliteDialect } from './sqlite-dialect.js'
import { ReadingConnection, SqliteConnection } from './sqlite-driver.js'
import { isSqliteUnavailable } from './sqlite-failures.js'
import { LOG_PRAGMAS, startAnew } from './write-ahead-log.js'
import { WriteWatch } from './write-watch.js'

export interface SqliteOptions extends DatabaseFileOptions {
  /** Path of the database file, made with its folder when missing, readable by this user alone; or `:memory:`. */
  readonly file: string
  /** What time it is, in milliseconds since 1970. Default: the time of the machine, which all processes with this file share. */
  readonly now?: () => number
}

/**
 * Opens the database and brings its tables up to date. What is committed is on the disk before its caller is answered, and the
 * thread of this process does not wait for that. Several processes may open one file; the first one to do so ends the leases of all that
 * had it open before, because they are dead.
 * @throws DomainError `store-unavailable` when the file cannot be opened, made or written.
 */
export async function openSqlite(options: SqliteOptions): Promise<SqlDatabase> {
  const { file } = options
  try {
    if (file === ':memory:') return await openInMemory(options)
    return await openFile(options, createPrivately(resolve(file)))
  } catch (error) {
    throw toStoreError(error, isSqliteUnavailable)
  }
}

/**
 * `normal`: SQLite does not wait for the disk when it commits; `Durability` does. What is deleted is overwritten, so that a copy
 * of the file does not hold what a visitor had erased.
 */
const PRAGMAS = `pragma journal_mode = wal; pragma synchronous = normal; pragma secure_delete = on; ${LOG_PRAGMAS}`

interface Writing {
  readonly connection: SqliteConnection
  readonly kysely: Kysely<Tables>
}

/** @param use gives it away; when it fails, the connection is closed */
async function withConnection<T>(
  { file, now = Date.now }: SqliteOptions,
  use: (writing: Writing) => Promise<T>,
): Promise<T> {
  const sqlite = connect(file, now)
  try {
    const connection = new SqliteConnection(sqlite)
    const kysely = new Kysely<Tables>({ dialect: sqliteDialect(connection, 'write') })
    await retryWhileBusy(() => sqlite.exec(PRAGMAS))
    // The transaction itself, being immediate, is the lock.
    await migrate(kysely, async () => {})
    return await use({ connection, kysely })
  } catch (error) {
    sqlite.close()
    throw error
  }
}

const openInMemory = (options: SqliteOptions): Promise<SqlDatabase> =>
  withConnection(options, async ({ kysely }) => {
    const commits = new GroupCommit(kysely, { committed() {}, confirm: () => Promise.resolve() })
    return new SqlDatabase(kysely, {
      ...TECHNOLOGY,
      isShared: () => false,
      query: (_scope, work) => work(kysely),
      transact: (_scope, work, isDurable) => commits.run(work, isDurable),
    })
  })

const openFile = (options: SqliteOptions, folders: readonly string[]): Promise<SqlDatabase> =>
  withConnection(options, async ({ connection, kysely }) => {
    const sqlite = connection.database
    const { file, now = Date.now } = options
    // Before others can know of this process: whatever they do from then on is noticed.
    const othersCame = sharingTest(sqlite)
    const presence = await announcePresence(file, () => endAllLeases(kysely))
    const wereOthers = !presence.isAlone
    if (wereOthers) await retryWhileBusy(() => tellOthers(sqlite))
    // One that died may have left in the log what it had deleted.
    const isClean = wereOthers || startAnew(sqlite)
    await syncFolders(folders)
    const reader = openReader(file, now)
    const usable = together(options.onChange)
    const { log, durability, close } = await openDatabaseFile(
      { ...options, onChange: usable('what is committed') },
      (work) => commits.between(work),
    )
    const commits = new GroupCommit(kysely, {
      committed: () => log.committed(),
      confirm: () => durability.confirm(),
    })
    const writes = new WriteWatch({
      probe: () => commits.run((trx) => NOTHING_NEW.execute(trx), false),
      onChange: usable('what is written'),
    })
    if (!isClean) void log.empty()
    const reading = new Kysely<Tables>({
      dialect: sqliteDialect(new ReadingConnection(reader, connection), 'read'),
    })
    return new SqlDatabase(kysely, {
      ...TECHNOLOGY,
      isShared: () => wereOthers || othersCame(),
      guard: (work) => durability.guard(work),
      query: (_scope, work) => work(reading),
      transact: (_scope, work, isDurable) => writes.watch(() => commits.run(work, isDurable)),
      takesWrites: () => writes.takesWrites,
      confirm: () => durability.confirm(),
      overwriteDeleted: () => log.empty(),
      async release() {
        writes.close()
        reader.close()
        await close()
        presence.release()
      },
    })
  })

/** Writes a page as it is. */
const NOTHING_NEW = sql`pragma application_id = 0`

/** One who is told for several: usable is what none of them says anything against. @returns for each, by its name, whom to tell */
function together(onChange: SqliteOptions['onChange']): (part: string) => (isUsable: boolean) => void {
  const against = new Set<string>()
  return (part) => (isUsable) => {
    const before = against.size
    if (isUsable) against.delete(part)
    else against.add(part)
    if ((before === 0) !== (against.size === 0)) onChange?.(against.size === 0)
  }
}

function connect(file: string, now: () => number): DatabaseSync {
  const sqlite = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true })
  sqlite.function('has_word', { deterministic: true }, hasWord)
  sqlite.function(NOW, now)
  return sqlite
}

/** A connection of its own for what is read during a transaction. */
function openReader(file: string, now: () => number): DatabaseSync {
  const sqlite = connect(file, now)
  sqlite.exec('pragma query_only = on')
  return sqlite
}

/** SQLite's own comparisons know the case of ASCII alone. */
const hasWord = (text: SQLOutputValue, word: SQLOutputValue): number =>
  typeof text === 'string' && typeof word === 'string' && text.toLowerCase().includes(word) ? 1 : 0

const TECHNOLOGY = {
  isUnavailable: isSqliteUnavailable,
  // A transaction has the whole file for itself.
  lock: () => Promise.resolve(),
  contains: (text, word) => sql<boolean>`has_word(${text}, ${word})`,
  // A statement runs in this very thread: so many messages of a kilobyte take about 2 ms.
  searchStep: 250,
  // SQLite knows no rows that are hidden: there the queries alone keep tenants apart.
} satisfies Partial<SqlTechnology>

async function endAllLeases(kysely: Kysely<Tables>): Promise<void> {
  await kysely.deleteFrom('run_places').execute()
  await kysely.updateTable('runs').set({ lease_until: 0 }).where('lease_owner', 'is not', null).execute()
}
