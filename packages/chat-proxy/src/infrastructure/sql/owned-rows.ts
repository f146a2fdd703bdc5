import type { QueryCreator } from 'kysely'
import type { Owner } from '../../domain/ports/index.js'
import type { Tables } from './schema.js'

/** The conversations that `owner` may see: its own, not deleted. Every read goes through one of these. */
export const ownedConversations = (db: QueryCreator<Tables>, owner: Owner) =>
  db
    .selectFrom('conversations')
    .where('conversations.tenant_id', '=', owner.tenantId)
    .where('conversations.owner_id', '=', owner.ownerId)
    .where('conversations.deleted_at', 'is', null)

/** Messages of those conversations. */
export const ownedMessages = (db: QueryCreator<Tables>, owner: Owner) =>
  ownedConversations(db, owner).innerJoin('messages', (join) =>
    join
      .onRef('messages.tenant_id', '=', 'conversations.tenant_id')
      .onRef('messages.conversation_id', '=', 'conversations.id'),
  )

/**
 * The same, where no message or conversation is named. A cross join, because SQLite keeps its order: it would begin with all
 * messages of the tenant.
 */
export const allOwnedMessages = (db: QueryCreator<Tables>, owner: Owner) =>
  ownedConversations(db, owner)
    .crossJoin('messages')
    .whereRef('messages.tenant_id', '=', 'conversations.tenant_id')
    .whereRef('messages.conversation_id', '=', 'conversations.id')

/** Runs of those conversations. */
export const ownedRuns = (db: QueryCreator<Tables>, owner: Owner) =>
  ownedConversations(db, owner).innerJoin('runs', (join) =>
    join
      .onRef('runs.tenant_id', '=', 'conversations.tenant_id')
      .onRef('runs.conversation_id', '=', 'conversations.id'),
  )
