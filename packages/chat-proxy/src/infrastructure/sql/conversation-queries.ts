import { sql, type Kysely, type Selectable } from 'kysely'
import type { Conversation } from '../../domain/conversation.js'
import type { ConversationChange, ConversationPage, Owner } from '../../domain/ports/index.js'
import { ownedConversations, ownedMessages } from './owned-rows.js'
import { rowToConversation } from './row-mappers.js'
import type { ConversationTable, MessageTable, Tables } from './schema.js'
import { Statement, type ValueOf } from './statement.js'
import { storedText } from './stored-text.js'

export async function findConversation(
  db: Kysely<Tables>,
  owner: Owner,
  id: string,
): Promise<Conversation | null> {
  const { rows } = await conversationById.execute(db, { ...owner, id })
  return rows[0] ? rowToConversation(rows[0]) : null
}

interface Owned extends Owner {
  readonly id: string
}

const ownerIn = (value: ValueOf<Owned>): Owner => ({ tenantId: value('tenantId'), ownerId: value('ownerId') })

const conversationById = new Statement<Owned, Selectable<ConversationTable>>((db, value) =>
  ownedConversations(db, ownerIn(value))
    .where('conversations.id', '=', value('id'))
    .selectAll('conversations'),
)

export const messageById = new Statement<Owned, Selectable<MessageTable>>((db, value) =>
  ownedMessages(db, ownerIn(value)).where('messages.id', '=', value('id')).selectAll('messages'),
)

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

interface Climb extends Owned {
  readonly limit: number
}

/** Climbs from the message `id` to its parents, `limit` messages at most, and gives them oldest first. */
export const branchUpwards = new Statement<Climb, Selectable<MessageTable>>((db, value) =>
  db
    .withRecursive('path(id, parent_id, conversation_id, depth)', (cte) =>
      ownedMessages(db, ownerIn(value))
        .where('messages.id', '=', value('id'))
        .select(['messages.id', 'messages.parent_id', 'messages.conversation_id', sql<number>`1`.as('depth')])
        .unionAll(
          cte
            .selectFrom('path')
            .innerJoin('messages', (join) =>
              join
                .on('messages.tenant_id', '=', value('tenantId'))
                .onRef('messages.id', '=', 'path.parent_id')
                .onRef('messages.conversation_id', '=', 'path.conversation_id'),
            )
            .where('path.depth', '<', value('limit'))
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
    .where('messages.tenant_id', '=', value('tenantId'))
    .whereRef('messages.id', '=', 'path.id')
    .selectAll('messages')
    .orderBy('path.depth', 'desc'),
)
