import type { DomainEvent } from '../../domain/domain-event.js'
import type { Owner, Summaries } from '../../domain/ports/index.js'
import type { Summary } from '../../domain/summary.js'
import { ownedMessages } from './owned-rows.js'
import { recordEvent } from './record-event.js'
import type { SqlDatabase } from './sql-database.js'
import { storedText } from './stored-text.js'

export class SqlSummaries implements Summaries {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  async find(owner: Owner, messageIds: readonly string[]): Promise<readonly Summary[]> {
    if (messageIds.length === 0) return []
    return this.#database.use(owner.tenantId, async (db) => {
      const rows = await ownedMessages(db, owner)
        .innerJoin('summaries', (join) =>
          join
            .onRef('summaries.tenant_id', '=', 'messages.tenant_id')
            .onRef('summaries.message_id', '=', 'messages.id'),
        )
        .where('messages.id', 'in', messageIds)
        .selectAll('summaries')
        .execute()
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        conversationId: row.conversation_id,
        messageId: row.message_id,
        text: row.content,
        createdAt: row.created_at,
      }))
    })
  }

  keep(owner: Owner, summary: Summary, event: DomainEvent): Promise<boolean> {
    const { tenantId, conversationId, messageId, text, createdAt } = summary
    return this.#database.transaction(owner.tenantId, async (trx) => {
      const message = await ownedMessages(trx, owner)
        .where('messages.id', '=', messageId)
        .where('conversations.id', '=', conversationId)
        .select('messages.id')
        .executeTakeFirst()
      if (!message) return false
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('summaries')
        .values({
          tenant_id: tenantId,
          message_id: messageId,
          conversation_id: conversationId,
          content: storedText(text),
          created_at: createdAt,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'message_id']).doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows !== 1n) return false
      await recordEvent(trx, event)
      return true
    })
  }
}
