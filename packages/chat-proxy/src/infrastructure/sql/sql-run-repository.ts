import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import { DomainError } from '../../domain/errors.js'
import type {
  Admission,
  AdmissionResult,
  Owner,
  RunProgress,
  RunRepository,
} from '../../domain/ports/index.js'
import type { PriceList } from '../../domain/prices.js'
import type { Run, RunEnd, RunRef } from '../../domain/run.js'
import { Batch, SerialQueue } from './batch.js'
import { reserve, settle } from './ledger-rows.js'
import { ownedRuns } from './owned-rows.js'
import { recordEvent } from './record-event.js'
import { attemptsToColumn, messageToRow, outcomeToColumns, rowToRun, runToRow } from './row-mappers.js'
import { releaseLeases, renewLeases, saveProgress, type Lease, type RunUpdate } from './run-upkeep.js'
import type { Tables } from './schema.js'
import { EVERY_TENANT, type SqlDatabase } from './sql-database.js'
import { storedText } from './stored-text.js'

export interface SqlRunRepositoryOptions {
  /** Names this process; no other one, before or after it, has the same. */
  readonly owner: string
  /** Milliseconds after which a process that renews no leases any more is taken for dead. */
  readonly leaseMs: number
  readonly prices: PriceList
}

/** Orphans looked at in one go. */
const ORPHANS = 100
/** Milliseconds of an admission after which the lease of its run counts anew. */
const LATE_MS = 50

/**
 * Runs in SQLite or PostgreSQL. Transactions take their rows in one order (run, conversation, messages, counters, event), so that
 * two of them never wait for each other. Every method throws `store-unavailable` when the database cannot be used.
 */
export class SqlRunRepository implements RunRepository {
  readonly #database: SqlDatabase
  readonly #options: SqlRunRepositoryOptions
  readonly #upkeep = new SerialQueue()
  readonly #checkpoints: Batch<RunUpdate>
  readonly #releases: Batch<readonly RunRef[]>

  constructor(database: SqlDatabase, options: SqlRunRepositoryOptions) {
    this.#database = database
    this.#options = options
    this.#checkpoints = new Batch(this.#upkeep, (updates) =>
      database.upkeep((trx) => saveProgress(trx, updates, this.#lease(), database.upkeepDialect)),
    )
    this.#releases = new Batch(this.#upkeep, (runs) =>
      database.upkeep((trx) => releaseLeases(trx, runs.flat(), database.upkeepDialect)),
    )
  }

  admit(admission: Admission): Promise<AdmissionResult> {
    return this.#database.transaction(admission.run.tenantId, async (trx) => {
      const began = performance.now()
      const older = await claim(trx, admission.run, this.#lease())
      if (older) return { outcome: 'exists', run: older }
      const messages = [admission.userMessage, admission.message].filter((message) => message !== null)
      const lastPosition = await moveHead(trx, admission, messages.length)
      await insertMessages(
        trx,
        messages.map((message, index) => messageToRow(message, lastPosition - messages.length + 1 + index)),
      )
      const { isNearlySpent } = await reserve(trx, admission.reservation, admission.run.createdAt)
      await recordEvent(trx, admission.event)
      // It waited for what others were writing: the lease must not be old when others can see it.
      if (performance.now() - began > LATE_MS) await renewOwn(trx, admission.run, this.#lease())
      return { outcome: 'admitted', isNearlySpent }
    })
  }

  find(owner: Owner, runId: string): Promise<Run | null> {
    return this.#database.use(owner.tenantId, async (db) => {
      const row = await ownedRuns(db, owner).where('runs.id', '=', runId).selectAll('runs').executeTakeFirst()
      return row ? rowToRun(row) : null
    })
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

  checkpoint(run: RunRef, progress: RunProgress): Promise<void> {
    return this.#checkpoints.add({ run, progress })
  }

  async renew(runs: readonly RunRef[]): Promise<readonly RunRef[]> {
    if (runs.length === 0) return []
    return this.#upkeep.run(() =>
      this.#database.upkeep((trx) => renewLeases(trx, runs, this.#lease(), this.#database.upkeepDialect)),
    )
  }

  async release(runs: readonly RunRef[]): Promise<void> {
    if (runs.length > 0) await this.#releases.add(runs)
  }

  end(run: RunRef, end: RunEnd, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(run.tenantId, async (trx) => {
      const outcome = { status: end.status, ...outcomeToColumns(end) }
      const ended = await trx
        .updateTable('runs')
        .set({
          ...outcome,
          attempts: attemptsToColumn(end.attempts),
          last_seq: end.lastSeq,
          ended_at: end.endedAt,
        })
        .where('tenant_id', '=', run.tenantId)
        .where('id', '=', run.runId)
        .where('ended_at', 'is', null)
        .where((eb) =>
          eb.or([eb('lease_owner', '=', this.#options.owner), eb('lease_until', '<=', this.#database.now())]),
        )
        .returning('message_id')
        .executeTakeFirst()
      if (!ended) return false
      await updateMessage(trx, run.tenantId, ended.message_id, {
        ...outcome,
        content: storedText(end.content),
      })
      await settle(trx, { tenantId: run.tenantId, id: run.runId }, end, this.#options.prices)
      await recordEvent(trx, event)
      return true
    })
  }

  findOrphans(): Promise<readonly Run[]> {
    return this.#database.use(EVERY_TENANT, async (db) => {
      const rows = await db
        .selectFrom('runs')
        .selectAll()
        .where('lease_owner', 'is not', null)
        .where('lease_until', '<=', this.#database.now())
        // Runs that wait for an end come before those that only wait for their log.
        .orderBy(sql`ended_at is not null`)
        .orderBy('lease_until')
        .limit(ORPHANS)
        .execute()
      return rows.map(rowToRun)
    })
  }

  #lease(): Lease {
    const until: RawBuilder<number> = sql`${this.#database.now()} + ${sql.lit(this.#options.leaseMs)}`
    return { owner: this.#options.owner, until }
  }
}

/** @returns `null` when the id is ours now, else the run that has it. */
async function claim(trx: Transaction<Tables>, run: Run, lease: Lease): Promise<Run | null> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('runs')
    .values({ ...runToRow(run), lease_owner: lease.owner, lease_until: lease.until })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 1n) return null
  const older = await trx
    .selectFrom('runs')
    .selectAll()
    .where('tenant_id', '=', run.tenantId)
    .where('id', '=', run.id)
    .executeTakeFirstOrThrow()
  return rowToRun(older)
}

const renewOwn = (trx: Transaction<Tables>, { tenantId, id }: Run, lease: Lease) =>
  trx
    .updateTable('runs')
    .set({ lease_until: lease.until })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute()

/**
 * Makes the answer the conversation's head. The row stays locked until the end of the transaction, so positions of
 * parallel admissions neither collide nor mix. @returns the position of the newest of `added` messages.
 */
async function moveHead(trx: Transaction<Tables>, admission: Admission, added: number): Promise<number> {
  const { run, message } = admission
  const conversation = await trx
    .updateTable('conversations')
    .set((eb) => ({
      head_id: message.id,
      updated_at: run.createdAt,
      last_position: eb('last_position', '+', added),
    }))
    .where('tenant_id', '=', run.tenantId)
    .where('id', '=', run.conversationId)
    .where('owner_id', '=', run.ownerId)
    .where('deleted_at', 'is', null)
    .returning('last_position')
    .executeTakeFirst()
  if (conversation) return conversation.last_position
  throw new DomainError('conversation-not-found', `No conversation with ID ${run.conversationId}`)
}

async function insertMessages(
  trx: Transaction<Tables>,
  rows: readonly ReturnType<typeof messageToRow>[],
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('messages')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === BigInt(rows.length)) return
  throw new DomainError('id-already-used', 'A message with this id exists already. Choose a new message id.')
}

const updateMessage = (
  db: Kysely<Tables>,
  tenantId: string,
  id: string,
  columns: Partial<ReturnType<typeof messageToRow>>,
) => db.updateTable('messages').set(columns).where('tenant_id', '=', tenantId).where('id', '=', id).execute()
