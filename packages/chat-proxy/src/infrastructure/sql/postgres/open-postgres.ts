import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import type { PoolConfig } from 'pg'
import { migrate } from '../migrations/migrate.js'
import type { Tables } from '../schema.js'
import { SqlDatabase } from '../sql-database.js'
import { toStoreError } from '../sql-error.js'
import { isPostgresUnavailable } from './postgres-failures.js'
import { createPool } from './postgres-pool.js'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; its query may set what libpq and pg know, such as `sslmode`. */
  readonly url: string
  /** Most connections at a time. Default 10. */
  readonly poolSize?: number
}

const STATEMENT_TIMEOUT_MS = 10_000
/** Later than the server's own, for a server that does not answer at all. */
const SILENCE_TIMEOUT_MS = 15_000

/** So many messages of a kilobyte take about 20 ms of the server. */
const SEARCH_STEP = 2_500

/** Any number that other users of the database are unlikely to lock. */
const MIGRATION_LOCK = 7_203_415_586

/**
 * Opens the database and brings its tables up to date. Any number of processes may do so at once.
 * @throws DomainError `store-unavailable` when the server cannot be reached or refuses the login.
 */
export async function openPostgres({ url, poolSize = 10 }: PostgresOptions): Promise<SqlDatabase> {
  const { hasIcu } = await prepareOnce(url)
  const collation = hasIcu ? sql`collate "und-x-icu"` : sql``
  const kysely = connect({
    connectionString: url,
    max: poolSize,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: SILENCE_TIMEOUT_MS,
    idle_in_transaction_session_timeout: SILENCE_TIMEOUT_MS,
  })
  return new SqlDatabase(kysely, {
    isUnavailable: isPostgresUnavailable,
    contains: (text, word) => sql<boolean>`strpos(lower(${text} ${collation}), ${word}) > 0`,
    searchStep: SEARCH_STEP,
    now: () => sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    isShared: () => true,
    lock: async (trx, name) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx)
    },
    transact: (work, isDurable) =>
      kysely.transaction().execute(async (trx) => {
        if (!isDurable) await sql`set local synchronous_commit = off`.execute(trx)
        return work(trx)
      }),
  })
}

const connect = (config: PoolConfig): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createPool(config) }) })

/** Migrates over a connection of its own, because a step may take longer than any statement that serves a request. */
async function prepareOnce(url: string): Promise<{ readonly hasIcu: boolean }> {
  const kysely = connect({ connectionString: url, max: 1 })
  try {
    await migrate(kysely, lockMigrations)
    return { hasIcu: await hasIcuCollation(kysely) }
  } catch (error) {
    throw toStoreError(error, isPostgresUnavailable)
  } finally {
    await kysely.destroy()
  }
}

/**
 * Which letters belong together as upper and lower case is up to the collation, and that of the database may know ASCII
 * alone. ICU's knows all scripts; a server built without it falls back to that of the database.
 */
async function hasIcuCollation(kysely: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_collation where collname = 'und-x-icu'`.execute(kysely)
  return rows.length > 0
}

/** Held until the transaction ends. */
const lockMigrations = (trx: Transaction<Tables>) =>
  sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(trx)
