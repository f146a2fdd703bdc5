import { sql, type Selectable } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import type {
  Admission,
  AdmissionResult,
  EndedLease,
  Owner,
  RunRepository,
  RunUpdate,
  UnsavedRun,
} from '../../domain/ports/index.js'
import type { PriceList } from '../../domain/prices.js'
import type { Run, RunEnd, RunRef } from '../../domain/run.js'
import { admitRun } from './admit-run.js'
import { Batch, SerialQueue } from './batch.js'
import { endRuns, type EndingRun } from './end-runs.js'
import { ownedRuns } from './owned-rows.js'
import { rowToRun } from './row-mappers.js'
import { releaseLeases, renewLeases, saveProgress, type Lease } from './run-upkeep.js'
import type { RunTable } from './schema.js'
import { SqlError } from './sql-error.js'
import { EVERY_TENANT, scopeOf, type SqlDatabase } from './sql-database.js'
import { Statement } from './statement.js'

export interface SqlRunRepositoryOptions {
  /** Names this process; no other one, before or after it, has the same. */
  readonly owner: string
  /** Milliseconds after which a process that renews no leases any more is taken for dead. */
  readonly leaseMs: number
  readonly prices: PriceList
}

/**
 * Milliseconds after its lease by which a process is given up that is there all the same: it hangs for ever, or its machine
 * vanished and the database has not noticed. Longer than anybody stands still who works on the next moment, and with the lease far
 * shorter than what a reader waits for a line that fell silent (25 seconds).
 */
const HOPELESS_MS = 10_000
/** Orphans looked at in one go. */
const ORPHANS = 100
/** Ends written in one go: beyond it the first of them would wait for long. */
const MOST_ENDS = 500

/**
 * Runs in SQLite or PostgreSQL. Transactions take their rows in one order (run, conversation, messages, counters, event), so that
 * two of them never wait for each other. Every method throws `store-unavailable` when the database cannot be used.
 */
export class SqlRunRepository implements RunRepository {
  readonly #database: SqlDatabase
  readonly #lease: Lease
  readonly #upkeep = new SerialQueue()
  readonly #releases: Batch<readonly RunRef[]>
  readonly #ends: Batch<EndingRun, boolean>

  constructor(database: SqlDatabase, options: SqlRunRepositoryOptions) {
    this.#database = database
    this.#lease = { owner: options.owner, ms: options.leaseMs }
    this.#releases = new Batch(this.#upkeep, async (runs) => {
      await database.upkeep((trx) => releaseLeases(trx, runs.flat()))
      return runs.map(() => undefined)
    })
    this.#ends = new Batch(
      new SerialQueue(),
      (ending) =>
        database.priority(scopeOf(ending.map(({ run }) => run.tenantId)), (trx) =>
          endRuns(trx, ending, options),
        ),
      MOST_ENDS,
    )
  }

  admit(admission: Admission): Promise<AdmissionResult> {
    return this.#database.transaction(admission.run.tenantId, (trx) => admitRun(trx, admission, this.#lease))
  }

  find(owner: Owner, runId: string): Promise<Run | null> {
    return this.#database.use(owner.tenantId, async (db) => {
      const { rows } = await runById.execute(db, { ...owner, id: runId })
      return rows[0] ? rowToRun(rows[0]) : null
    })
  }

  async findDurable(owner: Owner, runId: string): Promise<Run | null> {
    const run = await this.find(owner, runId)
    if (run) await this.#database.confirm()
    return run
  }

  findActive(owner: Owner, conversationId: string): Promise<Run | null> {
    return this.#database.use(owner.tenantId, async (db) => {
      const row = await ownedRuns(db, owner)
        .where('runs.conversation_id', '=', conversationId)
        .where('runs.ended_at', 'is', null)
        .selectAll('runs')
        .orderBy('runs.created_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? rowToRun(row) : null
    })
  }

  checkpoint(updates: readonly RunUpdate[]): Promise<readonly UnsavedRun[]> {
    return this.#upkeep.run(() => this.#saveAll(updates))
  }

  async renew(runs: readonly RunRef[]): Promise<readonly RunRef[]> {
    if (runs.length === 0) return []
    return this.#upkeep.run(() => this.#database.upkeep((trx) => renewLeases(trx, runs, this.#lease)))
  }

  async release(runs: readonly RunRef[]): Promise<void> {
    if (runs.length > 0) await this.#releases.add(runs)
  }

  end(run: RunRef, end: RunEnd, event: DomainEvent, lease: EndedLease = 'kept'): Promise<boolean> {
    return this.#ends.add({ run, end, event, lease })
  }

  /** A text that the database refuses must not take the others with it: each tries alone then. */
  async #saveAll(updates: readonly RunUpdate[]): Promise<readonly UnsavedRun[]> {
    try {
      await this.#save(updates)
      return []
    } catch (error) {
      if (!(error instanceof SqlError)) throw error
    }
    const unsaved: UnsavedRun[] = []
    for (const update of updates)
      await this.#save([update]).catch((error: unknown) => unsaved.push({ run: update.run, error }))
    return unsaved
  }

  #save(updates: readonly RunUpdate[]): Promise<void> {
    return this.#database.upkeep((trx) => saveProgress(trx, updates, this.#lease))
  }

  findOrphans(): Promise<readonly Run[]> {
    const database = this.#database
    const now = database.now()
    return database.use(EVERY_TENANT, async (db) => {
      const rows = await db
        .selectFrom('runs')
        .selectAll()
        .where('lease_owner', 'is not', null)
        .where('lease_until', '<=', now)
        .where((eb) => {
          const isMine = eb('lease_owner', '=', this.#lease.owner)
          if (!database.knowsProcesses) return isMine
          const isHopeless = eb('lease_until', '<=', sql<number>`${now} - ${sql.lit(HOPELESS_MS)}`)
          return eb.or([isMine, isHopeless, database.isAbsent(eb.ref('lease_owner'))])
        })
        // Runs that wait for an end come before those that only wait for their log.
        .orderBy(sql`ended_at is not null`)
        .orderBy('lease_until')
        .limit(ORPHANS)
        .execute()
      return rows.map(rowToRun)
    })
  }
}

const runById = new Statement<Owner & { id: string }, Selectable<RunTable>>((db, value) =>
  ownedRuns(db, { tenantId: value('tenantId'), ownerId: value('ownerId') })
    .where('runs.id', '=', value('id'))
    .selectAll('runs'),
)
