import { sql, type Kysely } from 'kysely'
import type { Conversation } from '../../domain/conversation.js'
import type { ConversationChange, ConversationPage, Owner } from '../../domain/ports/index.js'
import { ownedConversations, ownedMessages } from './owned-rows.js'
import { rowToConversation } from './row-mappers.js'
import type { Tables } from './schema.js'
import { storedText } from './stored-text.js'

export async function findConversation(
  db: Kysely<Tables>,
  owner: Owner,
  id: string,
): Promise<Conversation | null> {
  const row = await ownedConversations(db, owner)
    .where('conversations.id', '=', id)
    .selectAll('conversations')
    .executeTakeFirst()
  return row ? rowToConversation(row) : null
}

export async function pageOfConversations(
  db: Kysely<Tables>,
  owner: Owner,
  page: number,
  pageSize: number,
): Promise<ConversationPage> {
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
}

export const changedColumns = ({ title, mode, documentIds }: ConversationChange) => ({
  ...(title !== undefined && { title: storedText(title.text), title_by: title.by }),
  ...(mode !== undefined && { mode }),
  ...(documentIds !== undefined && { document_ids: JSON.stringify(documentIds) }),
})

/** All messages of the conversation, or those older than `before`; none when `before` is not one of them. */
export function messagesBefore(db: Kysely<Tables>, owner: Owner, conversationId: string, before?: string) {
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
export const branchUpwards = (db: Kysely<Tables>, owner: Owner, messageId: string, limit: number) =>
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
    // As a cross join, because SQLite keeps its order: it would look through all messages of the tenant for those of the path.
    .crossJoin('messages')
    .where('messages.tenant_id', '=', owner.tenantId)
    .whereRef('messages.id', '=', 'path.id')
    .selectAll('messages')
    .orderBy('path.depth', 'desc')
