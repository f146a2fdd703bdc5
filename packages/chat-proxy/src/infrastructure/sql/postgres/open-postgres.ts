import { Kysely, sql, type RawBuilder, type Transaction } from 'kysely'
import type { Pool } from 'pg'
import { AnswerGuard } from '../../liveness/answer-guard.js'
import { migrate } from '../migrations/migrate.js'
import type { Tables } from '../schema.js'
import { SqlDatabase, type SqlWork } from '../sql-database.js'
import { toStoreError } from '../sql-error.js'
import { IdiomaticPostgresDialect } from './postgres-dialect.js'
import { isPostgresUnavailable } from './postgres-failures.js'
import { connectionsOf, createPool } from './postgres-pool.js'
import { probePostgres } from './postgres-probe.js'
import { ProcessPresence } from './process-presence.js'
import { enter, enterMigration, keepWall, raiseWall, type TenantWall } from './tenant-wall.js'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; its query may set what libpq and pg know, such as `sslmode`. */
  readonly url: string
  /** Most connections at a time. Default 10. */
  readonly poolSize?: number | undefined
  /** Called with `false` when the server answers nothing any more and with `true` when it does again. */
  readonly onChange?: (answers: boolean) => void
  /** Called once when the login sees the rows of all tenants whatever the database is told. */
  readonly onOpenWall?: () => void
  /** Called when a pooler stands in between, so that a process that stands still looks like one that is dead. */
  readonly onPooler?: () => void
}

const STATEMENT_TIMEOUT_MS = 10_000
/** Later than the server's own, for a server that does not answer at all. */
const SILENCE_TIMEOUT_MS = 15_000
const TIMEOUTS = {
  statement_timeout: STATEMENT_TIMEOUT_MS,
  query_timeout: SILENCE_TIMEOUT_MS,
  idle_in_transaction_session_timeout: SILENCE_TIMEOUT_MS,
}
/** Connections besides those of the pool, so that ends, upkeep and the operator do not stand in line behind requests. */
const MOST_AHEAD = 4
/** A server that says nothing for so long, over whichever connection, serves nobody. */
const PROBE_TIMEOUT_MS = 1_000
/** When a login that nobody waits for any more is given up. */
const LOGIN_TIMEOUT_MS = 3_000

/** So many messages of a kilobyte take about 20 ms of the server. */
const SEARCH_STEP = 2_500

/** Any number that other users of the database are unlikely to lock. */
const MIGRATION_LOCK = 7_203_415_586

/**
 * Opens the database and brings its tables up to date. Any number of processes may do so at once.
 * @throws DomainError `store-unavailable` when the server cannot be reached or refuses the login.
 */
export async function openPostgres({
  url,
  poolSize = 10,
  onChange,
  onOpenWall,
  onPooler,
}: PostgresOptions): Promise<SqlDatabase> {
  const { hasIcu, wall } = await prepareOnce(url)
  if (wall.isOpen) onOpenWall?.()
  const collation = hasIcu ? sql`collate "und-x-icu"` : sql``
  const pool = createPool({ ...TIMEOUTS, connectionString: url, max: poolSize })
  const aheadPool = createPool({ ...TIMEOUTS, connectionString: url, max: MOST_AHEAD })
  const [kysely, ahead] = [overPool(pool), overPool(aheadPool)]
  const presence = new ProcessPresence({ url, onPooler })
  const guard: AnswerGuard = new AnswerGuard({
    // A login is much work for a busy server, and all that is left when that connection itself is broken.
    probe: () => Promise.any([presence.ask(), probePostgres(url, LOGIN_TIMEOUT_MS)]),
    probeTimeout: PROBE_TIMEOUT_MS,
    detail: 'The database does not answer at the moment. Nothing was changed twice; try again shortly.',
    onChange(answers) {
      if (answers) presence.check()
      // What was under way when it fell silent is given up with its connections: nobody waits for it any more.
      else for (const hangUp of hangUps) hangUp()
      onChange?.(answers)
    },
  })
  const hangUps = [pool, aheadPool].map((each) => connectionsOf(each, () => guard.heard()))
  return new SqlDatabase(kysely, {
    isUnavailable: isPostgresUnavailable,
    guard: (work) => guard.run(work),
    announce: (owner) => presence.announce(owner),
    knowsProcesses: () => presence.knowsAll,
    async release() {
      guard.close()
      presence.close()
      await ahead.destroy()
    },
    contains: (text, word) => sql<boolean>`strpos(lower(${text} ${collation}), ${word}) > 0`,
    searchStep: SEARCH_STEP,
    isShared: () => true,
    lock: async (trx, name) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx)
    },
    query: (scope, work) => inside(kysely, enter(wall, scope, DURABLE), work),
    transact: (scope, work, isDurable) => inside(kysely, enter(wall, scope, { isDurable }), work),
    queryAhead: (scope, work) => inside(ahead, enter(wall, scope, DURABLE), work),
    transactAhead: (scope, work, isDurable) => inside(ahead, enter(wall, scope, { isDurable }), work),
  })
}

const DURABLE = { isDurable: true }

const inside = <T>(kysely: Kysely<Tables>, first: RawBuilder<unknown>, work: SqlWork<T>): Promise<T> =>
  kysely.transaction().execute(async (trx) => {
    await first.execute(trx)
    return work(trx)
  })

const overPool = (pool: Pool): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new IdiomaticPostgresDialect({ pool }) })

/** Migrates over a connection of its own, because a step may take longer than any statement that serves a request. */
async function prepareOnce(url: string): Promise<{ readonly hasIcu: boolean; readonly wall: TenantWall }> {
  const kysely = overPool(createPool({ connectionString: url, max: 1 }))
  try {
    await migrate(kysely, lockMigrations, raiseWall)
    return { hasIcu: await hasIcuCollation(kysely), wall: await keepWall(kysely, lockMigrations) }
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
async function lockMigrations(trx: Transaction<Tables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(trx)
  await enterMigration.execute(trx)
}
