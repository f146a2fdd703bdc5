import { sql, type Kysely } from 'kysely'
import type { Conversation } from '../../domain/conversation.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import { DomainError } from '../../domain/errors.js'
import type { Message } from '../../domain/message.js'
import type {
  ConversationChange,
  ConversationPage,
  ConversationRepository,
  MessagePage,
  Owner,
} from '../../domain/ports/index.js'
import { ownedConversations, ownedMessages } from './owned-rows.js'
import { recordEvent } from './record-event.js'
import { conversationToRow, rowToConversation, rowToMessage } from './row-mappers.js'
import type { Tables } from './schema.js'
import type { SqlDatabase } from './sql-database.js'
import { storedText } from './stored-text.js'

/** Conversations in SQLite or PostgreSQL. Every method throws `store-unavailable` when the database cannot be used. */
export class SqlConversationRepository implements ConversationRepository {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  create(
    conversation: Conversation,
    event: DomainEvent,
  ): Promise<{ conversation: Conversation; created: boolean }> {
    return this.#database.transaction(async (trx) => {
      const inserted = await trx
        .insertInto('conversations')
        .values(conversationToRow(conversation))
        .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing())
        .returningAll()
        .executeTakeFirst()
      if (!inserted) return { conversation: await olderOne(trx, conversation), created: false }
      await recordEvent(trx, event)
      return { conversation: rowToConversation(inserted), created: true }
    })
  }

  find(owner: Owner, id: string): Promise<Conversation | null> {
    return this.#database.use((db) => findConversation(db, owner, id))
  }

  list(owner: Owner, page: number, pageSize: number): Promise<ConversationPage> {
    return this.#database.use(async (db) => {
      const counted = await ownedConversations(db, owner)
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await ownedConversations(db, owner)
        .selectAll('conversations')
        .orderBy('conversations.updated_at', 'desc')
        // Many can carry the same millisecond; without a second key they could change places between two pages.
        .orderBy('conversations.id', 'desc')
        .limit(pageSize)
        .offset((page - 1) * pageSize)
        .execute()
      return { conversations: rows.map(rowToConversation), total: counted.total }
    })
  }

  update(
    owner: Owner,
    id: string,
    change: ConversationChange,
    event: DomainEvent,
  ): Promise<Conversation | null> {
    return this.#database.transaction(async (trx) => {
      const row = await trx
        .updateTable('conversations')
        .set({ ...changedColumns(change), updated_at: event.at })
        .where('tenant_id', '=', owner.tenantId)
        .where('id', '=', id)
        .where('owner_id', '=', owner.ownerId)
        .where('deleted_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
      if (!row) return null
      await recordEvent(trx, event)
      return rowToConversation(row)
    })
  }

  softDelete(owner: Owner, id: string, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('conversations')
        .set({ deleted_at: event.at })
        .where('tenant_id', '=', owner.tenantId)
        .where('id', '=', id)
        .where('owner_id', '=', owner.ownerId)
        .where('deleted_at', 'is', null)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await recordEvent(trx, event)
      return true
    })
  }

  join(
    visitor: Owner,
    userSubject: string,
    eventOf: (conversationId: string) => DomainEvent,
  ): Promise<number> {
    return this.#database.transaction(async (trx) => {
      const moved = await trx
        .updateTable('conversations')
        .set({ owner_id: userSubject })
        .where('tenant_id', '=', visitor.tenantId)
        .where('owner_id', '=', visitor.ownerId)
        .returning('id')
        .execute()
      if (moved.length === 0) return 0
      await trx
        .updateTable('runs')
        .set({ owner_id: userSubject })
        .where('tenant_id', '=', visitor.tenantId)
        .where('owner_id', '=', visitor.ownerId)
        .execute()
      for (const { id } of moved) await recordEvent(trx, eventOf(id))
      return moved.length
    })
  }

  messages(
    owner: Owner,
    conversationId: string,
    options: { before?: string; limit: number },
  ): Promise<MessagePage> {
    return this.#database.use(async (db) => {
      const newestFirst = await messagesBefore(db, owner, conversationId, options.before)
        .orderBy('messages.position', 'desc')
        .limit(options.limit + 1)
        .execute()
      const messages = newestFirst.slice(0, options.limit).toReversed().map(rowToMessage)
      return { messages, hasMore: newestFirst.length > options.limit }
    })
  }

  findMessage(owner: Owner, messageId: string): Promise<Message | null> {
    return this.#database.use(async (db) => {
      const row = await ownedMessages(db, owner)
        .where('messages.id', '=', messageId)
        .selectAll('messages')
        .executeTakeFirst()
      return row ? rowToMessage(row) : null
    })
  }

  branch(owner: Owner, messageId: string, limit: number): Promise<readonly Message[]> {
    return this.#database.use(async (db) => {
      const rows = await branchUpwards(db, owner, messageId, limit).execute()
      return rows.map(rowToMessage)
    })
  }
}

async function findConversation(db: Kysely<Tables>, owner: Owner, id: string): Promise<Conversation | null> {
  const row = await ownedConversations(db, owner)
    .where('conversations.id', '=', id)
    .selectAll('conversations')
    .executeTakeFirst()
  return row ? rowToConversation(row) : null
}

/** What already stands under the id of `conversation`, if its owner may have it. */
async function olderOne(db: Kysely<Tables>, conversation: Conversation): Promise<Conversation> {
  const older = await findConversation(db, conversation, conversation.id)
  if (older) return older
  // The same words for somebody else's conversation and for a deleted one, so that ids cannot be probed.
  throw new DomainError('id-already-used', 'This conversation id is taken. Choose a new one.')
}

const changedColumns = ({ title, mode, documentIds }: ConversationChange) => ({
  ...(title !== undefined && { title: storedText(title) }),
  ...(mode !== undefined && { mode }),
  ...(documentIds !== undefined && { document_ids: JSON.stringify(documentIds) }),
})

/** All messages of the conversation, or those older than `before`; none when `before` is not one of them. */
function messagesBefore(db: Kysely<Tables>, owner: Owner, conversationId: string, before?: string) {
  const all = ownedMessages(db, owner).where('conversations.id', '=', conversationId).selectAll('messages')
  if (before === undefined) return all
  return all.where('messages.position', '<', (eb) =>
    eb
      .selectFrom('messages as mark')
      .select('mark.position')
      .where('mark.tenant_id', '=', owner.tenantId)
      .where('mark.conversation_id', '=', conversationId)
      .where('mark.id', '=', before),
  )
}

/** Climbs from `messageId` to its parents, `limit` messages at most, and gives them oldest first. */
const branchUpwards = (db: Kysely<Tables>, owner: Owner, messageId: string, limit: number) =>
  db
    .withRecursive('path(id, parent_id, conversation_id, depth)', (cte) =>
      ownedMessages(db, owner)
        .where('messages.id', '=', messageId)
        .select(['messages.id', 'messages.parent_id', 'messages.conversation_id', sql<number>`1`.as('depth')])
        .unionAll(
          cte
            .selectFrom('path')
            .innerJoin('messages', (join) =>
              join
                .on('messages.tenant_id', '=', owner.tenantId)
                .onRef('messages.id', '=', 'path.parent_id')
                .onRef('messages.conversation_id', '=', 'path.conversation_id'),
            )
            .where('path.depth', '<', limit)
            .select((eb) => [
              'messages.id',
              'messages.parent_id',
              'messages.conversation_id',
              sql<number>`${eb.ref('path.depth')} + 1`.as('depth'),
            ]),
        ),
    )
    .selectFrom('path')
    .innerJoin('messages', (join) =>
      join.on('messages.tenant_id', '=', owner.tenantId).onRef('messages.id', '=', 'path.id'),
    )
    .selectAll('messages')
    .orderBy('path.depth', 'desc')
