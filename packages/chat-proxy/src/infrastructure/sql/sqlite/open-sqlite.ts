import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { migrate } from '../migrations/migrate.js'
import type { Tables } from '../schema.js'
import { SqlDatabase } from '../sql-database.js'
import { toStoreError } from '../sql-error.js'
import { GroupCommit } from './group-commit.js'
import { announcePresence } from './presence.js'
import { retryWhileBusy } from './retry-while-busy.js'
import { sharingTest, tellOthers } from './sharing.js'
import { NOW, sqliteDialect } from './sqlite-dialect.js'
import { isSqliteUnavailable } from './sqlite-failures.js'
import { WriteAheadLog } from './write-ahead-log.js'

export interface SqliteOptions {
  /** Path of the database file, made with its folder when missing, readable by this user alone; or `:memory:`. */
  readonly file: string
  /** What time it is, in milliseconds since 1970. Default: the time of the machine, which all processes with this file share. */
  readonly now?: () => number
}

/**
 * Opens the database and brings its tables up to date. What is committed is on the disk (`synchronous=FULL`). Several
 * processes may open one file; the first one to do so ends the leases of all that had it open before, because they are dead.
 * @throws DomainError `store-unavailable` when the file cannot be opened, made or written.
 */
export async function openSqlite({ file, now = Date.now }: SqliteOptions): Promise<SqlDatabase> {
  try {
    if (file !== ':memory:') createPrivately(file)
    return await openDatabase(file, now)
  } catch (error) {
    throw toStoreError(error, isSqliteUnavailable)
  }
}

/** What is deleted is overwritten, so that a copy of the file does not hold what a visitor had erased. */
const PRAGMAS = 'pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on'

async function openDatabase(file: string, now: () => number): Promise<SqlDatabase> {
  const sqlite = connect(file, now)
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(sqlite, 'write') })
  try {
    await retryWhileBusy(() => sqlite.exec(PRAGMAS))
    // The transaction itself, being immediate, is the lock.
    await migrate(kysely, async () => {})
    // Before others can know of this process: whatever they do from then on is noticed.
    const othersCame = sharingTest(sqlite)
    const presence = file === ':memory:' ? null : await announcePresence(file, () => endAllLeases(kysely))
    const wereOthers = presence?.isAlone === false
    if (wereOthers) await retryWhileBusy(() => tellOthers(sqlite))
    const reader = file === ':memory:' ? null : openReader(file, now)
    const reading = reader ? overReader(reader) : kysely
    const log = new WriteAheadLog(kysely)
    // One that died may have left there what it had deleted.
    if (!wereOthers) await log.empty()
    const commits = new GroupCommit(kysely, (isDurable) =>
      sqlite.exec(`pragma synchronous = ${isDurable ? 'full' : 'normal'}`),
    )
    return new SqlDatabase(kysely, {
      isShared: () => wereOthers || othersCame(),
      // A transaction has the whole file for itself.
      lock: () => Promise.resolve(),
      isUnavailable: isSqliteUnavailable,
      contains: (text, word) => sql<boolean>`has_word(${text}, ${word})`,
      searchStep: SEARCH_STEP,
      // SQLite knows no rows that are hidden: there the queries alone keep tenants apart.
      query: (_scope, work) => work(reading),
      transact: (_scope, work, isDurable) => commits.run(work, isDurable),
      overwriteDeleted: () => log.empty(),
      release() {
        log.close()
        reader?.close()
        presence?.release()
      },
    })
  } catch (error) {
    sqlite.close()
    throw error
  }
}

function connect(file: string, now: () => number): DatabaseSync {
  const sqlite = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true })
  sqlite.function('has_word', { deterministic: true }, hasWord)
  sqlite.function(NOW, now)
  return sqlite
}

/** A connection of its own for what is only read: it sees what is committed, and waits for no transaction. */
function openReader(file: string, now: () => number): DatabaseSync {
  const sqlite = connect(file, now)
  sqlite.exec('pragma query_only = on')
  return sqlite
}

const overReader = (reader: DatabaseSync): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: sqliteDialect(reader, 'read') })

/** A statement runs in this very thread: so many messages of a kilobyte take about 2 ms. */
const SEARCH_STEP = 250

/** SQLite's own comparisons know the case of ASCII alone. */
const hasWord = (text: SQLOutputValue, word: SQLOutputValue): number =>
  typeof text === 'string' && typeof word === 'string' && text.toLowerCase().includes(word) ? 1 : 0

async function endAllLeases(kysely: Kysely<Tables>): Promise<void> {
  await kysely.deleteFrom('run_places').execute()
  await kysely.updateTable('runs').set({ lease_until: 0 }).where('lease_owner', 'is not', null).execute()
}

/** SQLite itself would make the file readable by everybody; its side files take over the mode of the first. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
}
