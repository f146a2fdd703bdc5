import type { Kysely, Transaction } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import { DomainError } from '../../domain/errors.js'
import type { Admission, Owner, RunRepository } from '../../domain/ports/index.js'
import type { Run, RunEnd, RunRef } from '../../domain/run.js'
import { ownedRuns } from './owned-rows.js'
import { recordEvent } from './record-event.js'
import { messageToRow, outcomeToColumns, rowToRun, runToRow } from './row-mappers.js'
import type { Tables } from './schema.js'
import type { SqlDatabase } from './sql-database.js'
import { storedText } from './stored-text.js'

type Progress = Parameters<RunRepository['checkpoint']>[1]

/**
 * Runs in SQLite or PostgreSQL. Transactions take their rows in one order (run, conversation, messages, event), so that
 * two of them never wait for each other. Every method throws `store-unavailable` when the database cannot be used.
 */
export class SqlRunRepository implements RunRepository {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  admit(admission: Admission): Promise<{ outcome: 'admitted' } | { outcome: 'exists'; run: Run }> {
    return this.#database.transaction(async (trx) => {
      const older = await claim(trx, admission.run)
      if (older) return { outcome: 'exists', run: older }
      const messages = [admission.userMessage, admission.message].filter((message) => message !== null)
      const lastPosition = await moveHead(trx, admission, messages.length)
      await insertMessages(
        trx,
        messages.map((message, index) => messageToRow(message, lastPosition - messages.length + 1 + index)),
      )
      await recordEvent(trx, admission.event)
      return { outcome: 'admitted' }
    })
  }

  find(owner: Owner, runId: string): Promise<Run | null> {
    return this.#database.use(async (db) => {
      const row = await ownedRuns(db, owner).where('runs.id', '=', runId).selectAll('runs').executeTakeFirst()
      return row ? rowToRun(row) : null
    })
  }

  findActive(owner: Owner, conversationId: string): Promise<Run | null> {
    return this.#database.use(async (db) => {
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

  checkpoint(run: RunRef, progress: Progress): Promise<void> {
    return this.#database.transaction(async (trx) => {
      const moving = await trx
        .updateTable('runs')
        .set({ status: 'streaming', last_seq: progress.lastSeq, model: storedText(progress.model) })
        .where('tenant_id', '=', run.tenantId)
        .where('id', '=', run.runId)
        .where('ended_at', 'is', null)
        .returning('message_id')
        .executeTakeFirst()
      if (!moving) return
      await updateMessage(trx, run.tenantId, moving.message_id, {
        status: 'streaming',
        content: storedText(progress.content),
        model: storedText(progress.model),
      })
    })
  }

  end(run: RunRef, end: RunEnd, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      const outcome = { status: end.status, ...outcomeToColumns(end) }
      const ended = await trx
        .updateTable('runs')
        .set({ ...outcome, last_seq: end.lastSeq, ended_at: end.endedAt })
        .where('tenant_id', '=', run.tenantId)
        .where('id', '=', run.runId)
        .where('ended_at', 'is', null)
        .returning('message_id')
        .executeTakeFirst()
      if (!ended) return false
      await updateMessage(trx, run.tenantId, ended.message_id, {
        ...outcome,
        content: storedText(end.content),
      })
      await recordEvent(trx, event)
      return true
    })
  }

  /** All runs without an end: right as long as one process at a time uses the database, and it has just started. */
  findOrphans(): Promise<readonly Run[]> {
    return this.#database.use(async (db) => {
      const rows = await db
        .selectFrom('runs')
        .selectAll()
        .where('ended_at', 'is', null)
        .orderBy('created_at')
        .execute()
      return rows.map(rowToRun)
    })
  }
}

/** @returns `null` when the id is ours now, else the run that has it. */
async function claim(trx: Transaction<Tables>, run: Run): Promise<Run | null> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('runs')
    .values(runToRow(run))
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
