import type { Selectable, Transaction } from 'kysely'
import type { Conversation } from '../../domain/conversation.js'
import { conversationToRow } from './row-mappers.js'
import type { ConversationTable, Tables } from './schema.js'
import { Statement } from './statement.js'

/** Stores a new conversation, as a part of a transaction. @returns false when its id is taken: nothing is stored then */
export async function openConversation(
  trx: Transaction<Tables>,
  conversation: Conversation,
): Promise<boolean> {
  const { numAffectedRows } = await insert.execute(trx, conversationToRow(conversation))
  return numAffectedRows === 1n
}

const insert = new Statement<Selectable<ConversationTable>>((db, value) =>
  db
    .insertInto('conversations')
    .values({
      tenant_id: value('tenant_id'),
      id: value('id'),
      owner_id: value('owner_id'),
      title: value('title'),
      title_by: value('title_by'),
      mode: value('mode'),
      document_ids: value('document_ids'),
      head_id: value('head_id'),
      last_position: value('last_position'),
      created_at: value('created_at'),
      updated_at: value('updated_at'),
      deleted_at: value('deleted_at'),
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing()),
)
