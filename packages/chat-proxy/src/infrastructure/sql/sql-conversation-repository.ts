import type { Kysely, Transaction } from 'kysely'
import type { Conversation } from '../../domain/conversation.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import { conversationIdTaken } from '../../domain/errors.js'
import type { Feedback, Message } from '../../domain/message.js'
import type {
  ConversationChange,
  ConversationPage,
  ConversationRepository,
  ExchangePage,
  MessagePage,
  Owner,
} from '../../domain/ports/index.js'
import {
  branchUpwards,
  changedColumns,
  findConversation,
  messageById,
  messagesBefore,
  pageOfConversations,
} from './conversation-queries.js'
import { pageOfExchanges } from './exchange-queries.js'
import { FORGOTTEN_AT, refuseForgotten } from './forgotten-visitors.js'
import { openConversation } from './open-conversation.js'
import { recordEvent } from './record-event.js'
import { feedbackToColumns, rowToConversation, rowToMessage } from './row-mappers.js'
import type { Tables } from './schema.js'
import { searchConversations, type SearchOptions } from './search-conversations.js'
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
    return this.#database.transaction(conversation.tenantId, async (trx) => {
      if (!(await openConversation(trx, conversation)))
        return { conversation: await olderOne(trx, conversation), created: false }
      await recordEvent(trx, event)
      await refuseForgotten(trx, conversation)
      return { conversation: { ...conversation, title: storedText(conversation.title) }, created: true }
    })
  }

  find(owner: Owner, id: string): Promise<Conversation | null> {
    return this.#database.use(owner.tenantId, (db) => findConversation(db, owner, id))
  }

  list(owner: Owner, page: number, pageSize: number): Promise<ConversationPage> {
    return this.#database.use(owner.tenantId, (db) => pageOfConversations(db, owner, page, pageSize))
  }

  search(owner: Owner, words: readonly string[], options: SearchOptions): Promise<ConversationPage> {
    return searchConversations(this.#database, owner, words, options)
  }

  exchanges(owner: Owner, page: number, pageSize: number): Promise<ExchangePage> {
    return this.#database.use(owner.tenantId, (db) => pageOfExchanges(db, owner, page, pageSize))
  }

  update(
    owner: Owner,
    id: string,
    change: ConversationChange,
    event: DomainEvent,
  ): Promise<Conversation | null> {
    return this.#change(event, async (trx) => {
      const row = await ownedRow(trx, owner, id)
        .set({ ...changedColumns(change), updated_at: event.at })
        .where('deleted_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
      return row ? rowToConversation(row) : null
    })
  }

  async entitle(owner: Owner, id: string, title: string, event: DomainEvent): Promise<boolean> {
    const entitled = await this.#change(event, (trx) =>
      ownedRow(trx, owner, id)
        .set({ title: storedText(title), title_by: 'model' })
        .where('deleted_at', 'is', null)
        .where('title_by', '<>', 'person')
        .returning('id')
        .executeTakeFirst(),
    )
    return entitled !== null
  }

  async softDelete(owner: Owner, id: string, event: DomainEvent): Promise<boolean> {
    const deleted = await this.#change(event, (trx) =>
      ownedRow(trx, owner, id)
        .set({ deleted_at: event.at })
        .where('deleted_at', 'is', null)
        .returning('id')
        .executeTakeFirst(),
    )
    return deleted !== null
  }

  restore(owner: Owner, id: string, deletedAfter: number, event: DomainEvent): Promise<Conversation | null> {
    return this.#change(event, async (trx) => {
      const row = await ownedRow(trx, owner, id)
        .set({ deleted_at: null })
        .where('deleted_at', '>', deletedAfter)
        .returningAll()
        .executeTakeFirst()
      return row ? rowToConversation(row) : null
    })
  }

  rate(owner: Owner, messageId: string, feedback: Feedback, event: DomainEvent): Promise<Message | null> {
    return this.#change(event, async (trx) => {
      const row = await trx
        .updateTable('messages')
        .set(feedbackToColumns(feedback))
        .where('tenant_id', '=', owner.tenantId)
        .where('id', '=', messageId)
        .where('role', '=', 'assistant')
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('conversations')
              .whereRef('conversations.tenant_id', '=', 'messages.tenant_id')
              .whereRef('conversations.id', '=', 'messages.conversation_id')
              .where('conversations.owner_id', '=', owner.ownerId)
              .where('conversations.deleted_at', 'is', null)
              .select('conversations.id'),
          ),
        )
        .returningAll()
        .executeTakeFirst()
      return row ? rowToMessage(row) : null
    })
  }

  join(
    visitor: Owner,
    userSubject: string,
    eventOf: (conversationId: string) => DomainEvent,
  ): Promise<number> {
    return this.#database.transaction(visitor.tenantId, async (trx) => {
      const moved = await trx
        .updateTable('conversations')
        .set({ owner_id: userSubject })
        .where('tenant_id', '=', visitor.tenantId)
        .where('owner_id', '=', visitor.ownerId)
        // Somebody who wished to be forgotten leaves nothing behind.
        .where((eb) => eb.or([eb('deleted_at', 'is', null), eb('deleted_at', '>', FORGOTTEN_AT)]))
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
    return this.#database.use(owner.tenantId, async (db) => {
      const newestFirst = await messagesBefore(db, owner, conversationId, options.before)
        .orderBy('messages.position', 'desc')
        .limit(options.limit + 1)
        .execute()
      const messages = newestFirst.slice(0, options.limit).toReversed().map(rowToMessage)
      return { messages, hasMore: newestFirst.length > options.limit }
    })
  }

  async findMessage(owner: Owner, messageId: string): Promise<Message | null> {
    const [message = null] = await this.findMessages(owner, [messageId])
    return message
  }

  findMessages(owner: Owner, messageIds: readonly string[]): Promise<readonly Message[]> {
    return this.#database.use(owner.tenantId, async (db) => {
      const found: Message[] = []
      for (const id of messageIds) {
        const { rows } = await messageById.execute(db, { ...owner, id })
        found.push(...rows.map(rowToMessage))
      }
      return found
    })
  }

  branch(owner: Owner, messageId: string, limit: number): Promise<readonly Message[]> {
    return this.#database.use(owner.tenantId, async (db) => {
      const { rows } = await branchUpwards.execute(db, { ...owner, id: messageId, limit })
      return rows.map(rowToMessage)
    })
  }

  /** A change with its event; neither when `work` finds nothing to change. */
  #change<T>(
    event: DomainEvent,
    work: (trx: Transaction<Tables>) => Promise<T | null | undefined>,
  ): Promise<T | null> {
    return this.#database.transaction(event.tenantId, async (trx) => {
      const changed = (await work(trx)) ?? null
      if (changed !== null) await recordEvent(trx, event)
      return changed
    })
  }
}

const ownedRow = (trx: Transaction<Tables>, { tenantId, ownerId }: Owner, id: string) =>
  trx
    .updateTable('conversations')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)

/** What already stands under the id of `conversation`, if its owner may have it. */
async function olderOne(db: Kysely<Tables>, conversation: Conversation): Promise<Conversation> {
  const older = await findConversation(db, conversation, conversation.id)
  if (older) return older
  throw conversationIdTaken()
}
