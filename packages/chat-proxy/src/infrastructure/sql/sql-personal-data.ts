import type { Kysely, Transaction } from 'kysely'
import type { Caller } from '../../domain/caller.js'
import type { Conversation } from '../../domain/conversation.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import type { Message } from '../../domain/message.js'
import type {
  Anonymised,
  CountedUse,
  Forgotten,
  KeptConversation,
  OpenErasure,
  Owner,
  PersonalData,
} from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'
import { formerVisitors, renameActor, renameWarned } from './anonymise-events.js'
import { anonymiseLedger, hasOpenReservation } from './anonymise-ledger.js'
import { FORGOTTEN_AT, isForgotten } from './forgotten-visitors.js'
import { isRateCounted, removePlaces } from './forget-counts.js'
import { countedUse, keptConversations, keptMessages } from './kept-rows.js'
import { pseudonymOf } from './pseudonym.js'
import { purgeConversations } from './purge-rows.js'
import { recordEvent } from './record-event.js'
import type { Tables } from './schema.js'
import { EVERY_TENANT, type SqlDatabase } from './sql-database.js'

/** Erasures looked at in one go. */
const ERASURES = 100

export class SqlPersonalData implements PersonalData {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  conversations(
    owner: Owner,
    after: Pick<Conversation, 'createdAt' | 'id'> | null,
    limit: number,
  ): Promise<readonly KeptConversation[]> {
    return this.#database.use(owner.tenantId, (db) => keptConversations(db, owner, after, limit))
  }

  messages(
    owner: Owner,
    conversationId: string,
    options: { readonly skip: number; readonly limit: number },
  ): Promise<readonly Message[]> {
    return this.#database.use(owner.tenantId, (db) => keptMessages(db, owner, conversationId, options))
  }

  use(owner: Owner): Promise<readonly CountedUse[]> {
    return this.#database.use(owner.tenantId, (db) => countedUse(db, owner))
  }

  pseudonymOf(caller: Caller): string {
    return pseudonymOf(caller)
  }

  async isForgotten({ kind, tenantId, subject }: Caller): Promise<boolean> {
    if (kind !== 'visitor') return false
    return this.#database.use(tenantId, (db) => isForgotten(db, { tenantId, ownerId: subject }))
  }

  beginErasure(caller: Caller, pseudonym: string, event: DomainEvent): Promise<readonly RunRef[]> {
    const owner = { tenantId: caller.tenantId, ownerId: caller.subject }
    return this.#database.transaction(owner.tenantId, async (trx) => {
      await hide(trx, owner)
      await recordEvent(trx, event)
      await openErasure(trx, owner, { kind: caller.kind, pseudonym, at: event.at })
      // What was begun while this waited for the counter is there now; nothing more can come from a visitor.
      await hide(trx, owner)
      return activeRuns(trx, owner)
    })
  }

  openErasures(): Promise<readonly OpenErasure[]> {
    return this.#database.use(EVERY_TENANT, async (db) => {
      const rows = await db
        .selectFrom('erasures')
        .select(['tenant_id', 'subject', 'pseudonym', 'requested_at'])
        .where('subject', 'is not', null)
        .orderBy('requested_at')
        .limit(ERASURES)
        .execute()
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        ownerId: row.subject ?? '',
        pseudonym: row.pseudonym,
        requestedAt: row.requested_at,
      }))
    })
  }

  async forget({ tenantId, ownerId }: OpenErasure, limit: number, at: number): Promise<Forgotten> {
    const forgotten = await this.#database.transaction(tenantId, async (trx) => {
      const rows = await trx
        .selectFrom('conversations')
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('owner_id', '=', ownerId)
        .where('deleted_at', '=', FORGOTTEN_AT)
        .orderBy('id')
        .limit(limit + 1)
        .execute()
      return purgeConversations(
        trx,
        rows.map(({ id }) => id),
        { tenantId, limit, at },
      )
    })
    if (forgotten.messages > 0) await this.#database.overwriteDeleted()
    return forgotten
  }

  anonymise({ tenantId, ownerId, pseudonym }: OpenErasure, limit: number): Promise<Anonymised> {
    const renaming = { tenantId, name: ownerId, pseudonym }
    return this.#database.transaction(tenantId, async (trx) => {
      const former = await formerVisitors(trx, renaming)
      for (const name of [ownerId, ...former.map((visitor) => visitor.name)]) {
        await anonymiseLedger(trx, { ...renaming, name })
        await renameWarned(trx, { ...renaming, name })
      }
      await removePlaces(trx, { tenantId, ownerId })
      // The person's own events name the visitor: theirs go last.
      let left = limit
      for (const { name, until } of former)
        if (left > 0) left -= await renameActor(trx, { ...renaming, name }, { limit: left, until })
      if (left > 0) left -= await renameActor(trx, renaming, { limit: left })
      if (left <= 0) return 'more'
      const isCounted = await isRateCounted(trx, { tenantId, ownerId }, this.#database.now())
      return isCounted || (await hasOpenReservation(trx, renaming)) ? 'waiting' : 'done'
    })
  }

  async completeErasure({ tenantId, pseudonym }: OpenErasure, event: DomainEvent): Promise<boolean> {
    const isFirst = await this.#database.transaction(tenantId, async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('erasures')
        .set({ subject: null })
        .where('tenant_id', '=', tenantId)
        .where('pseudonym', '=', pseudonym)
        .where('subject', 'is not', null)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await recordEvent(trx, event)
      return true
    })
    if (isFirst) await this.#database.overwriteDeleted()
    return isFirst
  }
}

async function hide(trx: Transaction<Tables>, { tenantId, ownerId }: Owner): Promise<void> {
  await trx
    .updateTable('conversations')
    .set({ deleted_at: FORGOTTEN_AT })
    .where('tenant_id', '=', tenantId)
    .where('owner_id', '=', ownerId)
    .where((eb) => eb.or([eb('deleted_at', 'is', null), eb('deleted_at', '<>', FORGOTTEN_AT)]))
    .execute()
}

/** A visitor may wish it twice: their pseudonym is the same. */
async function openErasure(
  trx: Transaction<Tables>,
  { tenantId, ownerId }: Owner,
  { kind, pseudonym, at }: { readonly kind: Caller['kind']; readonly pseudonym: string; readonly at: number },
): Promise<void> {
  await trx
    .insertInto('erasures')
    .values({ tenant_id: tenantId, pseudonym, kind, subject: ownerId, requested_at: at })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'pseudonym']).doUpdateSet({ subject: ownerId, requested_at: at }),
    )
    .execute()
}

async function activeRuns(db: Kysely<Tables>, { tenantId, ownerId }: Owner): Promise<readonly RunRef[]> {
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('owner_id', '=', ownerId)
    .where('ended_at', 'is', null)
    .execute()
  return rows.map(({ id }) => ({ tenantId, runId: id }))
}
