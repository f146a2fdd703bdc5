import { type Expression, type ExpressionBuilder } from 'kysely'
import type { ConversationPage, Owner } from '../../domain/ports/index.js'
import { ownedConversations, ownedMessages } from './owned-rows.js'
import { rowToConversation } from './row-mappers.js'
import type { Tables } from './schema.js'
import { searchSteps, type SearchStep } from './search-steps.js'
import type { SqlDatabase } from './sql-database.js'

export interface SearchOptions {
  readonly page: number
  readonly pageSize: number
  readonly signal: AbortSignal
}

/** As `ConversationRepository.search`. Between two statements everybody else gets their turn. */
export async function searchConversations(
  database: SqlDatabase,
  owner: Owner,
  words: readonly string[],
  { page, pageSize, signal }: SearchOptions,
): Promise<ConversationPage> {
  const all = await candidates(database, owner, words)
  const found = new Set(all.filter(({ isFound }) => isFound).map(({ id }) => id))
  for (const step of searchSteps(
    all.filter(({ isFound }) => !isFound),
    database.searchStep,
  )) {
    if (signal.aborted) break
    for (const id of await matching(database, owner, words, step)) found.add(id)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const inOrder = all.filter(({ id }) => found.has(id)).map(({ id }) => id)
  const ids = inOrder.slice((page - 1) * pageSize, page * pageSize)
  return { conversations: await load(database, owner, ids), total: inOrder.length }
}

/** All conversations of the owner, newest first, and whether their titles alone have the words. */
const candidates = (database: SqlDatabase, owner: Owner, words: readonly string[]) =>
  database.use(owner.tenantId, async (db) => {
    const inTitle = await ownedConversations(db, owner)
      .where((eb) => hasAll(database, eb, eb.ref('conversations.title'), words))
      .select('conversations.id')
      .execute()
    const found = new Set(inTitle.map(({ id }) => id))
    const rows = await ownedConversations(db, owner)
      .select(['conversations.id', 'conversations.last_position as size'])
      .orderBy('conversations.updated_at', 'desc')
      .orderBy('conversations.id', 'desc')
      .execute()
    return rows.map((row) => ({ ...row, isFound: found.has(row.id) }))
  })

const matching = (
  database: SqlDatabase,
  owner: Owner,
  words: readonly string[],
  { conversationIds, after, until }: SearchStep,
): Promise<readonly string[]> =>
  database.use(owner.tenantId, async (db) => {
    const rows = await ownedMessages(db, owner)
      .where('conversations.id', 'in', conversationIds)
      .where('messages.position', '>', after)
      .where('messages.position', '<=', until)
      .where((eb) => hasAll(database, eb, eb.ref('messages.content'), words))
      .select('conversations.id')
      .distinct()
      .execute()
    return rows.map(({ id }) => id)
  })

const hasAll = <T extends keyof Tables>(
  database: SqlDatabase,
  eb: ExpressionBuilder<Tables, T>,
  text: Expression<string>,
  words: readonly string[],
) => eb.and(words.map((word) => database.contains(text, word)))

/** In the order of `ids`; one that was deleted at this moment is left out. */
async function load(database: SqlDatabase, owner: Owner, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await database.use(owner.tenantId, (db) =>
    ownedConversations(db, owner).where('conversations.id', 'in', ids).selectAll('conversations').execute(),
  )
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = rowOf.get(id)
    return row ? [rowToConversation(row)] : []
  })
}
