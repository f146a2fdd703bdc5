import type { Kysely, Selectable } from 'kysely'
import type { PastExchange, ExchangePage, Owner } from '../../domain/ports/index.js'
import { allOwnedMessages, ownedConversations, ownedMessages } from './owned-rows.js'
import { rowToConversation, rowToMessage } from './row-mappers.js'
import type { MessageTable, Tables } from './schema.js'

type MessageRow = Selectable<MessageTable>

export async function pageOfExchanges(
  db: Kysely<Tables>,
  owner: Owner,
  page: number,
  pageSize: number,
): Promise<ExchangePage> {
  const answers = () => allOwnedMessages(db, owner).where('messages.role', '=', 'assistant')
  const counted = await answers()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await answers()
    .selectAll('messages')
    .orderBy('conversations.updated_at', 'desc')
    .orderBy('conversations.id', 'desc')
    .orderBy('messages.position', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { exchanges: rows.length === 0 ? [] : await complete(db, owner, rows), total: counted.total }
}

/** Puts the question and the conversation to each answer. What is deleted at this moment is left out. */
async function complete(
  db: Kysely<Tables>,
  owner: Owner,
  answers: readonly MessageRow[],
): Promise<PastExchange[]> {
  const conversationIds = [...new Set(answers.map((answer) => answer.conversation_id))]
  const conversations = await ownedConversations(db, owner)
    .where('conversations.id', 'in', conversationIds)
    .selectAll('conversations')
    .execute()
  const questionIds = [...new Set(answers.map((answer) => answer.parent_id).filter((id) => id !== null))]
  const questions = await ownedMessages(db, owner)
    .where('messages.id', 'in', questionIds)
    .selectAll('messages')
    .execute()
  const conversationOf = new Map(conversations.map((row) => [row.id, row]))
  const questionOf = new Map(questions.map((row) => [row.id, row]))
  return answers.flatMap((answer) => {
    const conversation = conversationOf.get(answer.conversation_id)
    const question = answer.parent_id === null ? undefined : questionOf.get(answer.parent_id)
    if (!conversation || !question) return []
    return [
      {
        conversation: rowToConversation(conversation),
        userMessage: rowToMessage(question),
        message: rowToMessage(answer),
      },
    ]
  })
}
