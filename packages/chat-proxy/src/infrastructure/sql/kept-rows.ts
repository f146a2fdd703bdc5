import { sql, type Kysely } from 'kysely'
import type { Conversation } from '../../domain/conversation.js'
import type { Message } from '../../domain/message.js'
import type { CountedUse, KeptConversation, Owner } from '../../domain/ports/index.js'
import { FORGOTTEN_AT } from './forgotten-visitors.js'
import { rowToConversation, rowToMessage } from './row-mappers.js'
import type { Tables } from './schema.js'

/** Also deleted ones, as long as they can be restored. */
const keptBy = (db: Kysely<Tables>, { tenantId, ownerId }: Owner) =>
  db
    .selectFrom('conversations')
    .where('conversations.tenant_id', '=', tenantId)
    .where('conversations.owner_id', '=', ownerId)
    .where((eb) =>
      eb.or([eb('conversations.deleted_at', 'is', null), eb('conversations.deleted_at', '<>', FORGOTTEN_AT)]),
    )

export async function keptConversations(
  db: Kysely<Tables>,
  owner: Owner,
  after: Pick<Conversation, 'createdAt' | 'id'> | null,
  limit: number,
): Promise<readonly KeptConversation[]> {
  const all = keptBy(db, owner)
  const next = after
    ? all.where(
        sql<boolean>`(conversations.created_at, conversations.id) > (${after.createdAt}, ${after.id})`,
      )
    : all
  const rows = await next
    .selectAll('conversations')
    .orderBy('conversations.created_at')
    .orderBy('conversations.id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...rowToConversation(row), deletedAt: row.deleted_at }))
}

export async function keptMessages(
  db: Kysely<Tables>,
  owner: Owner,
  conversationId: string,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<readonly Message[]> {
  const rows = await keptBy(db, owner)
    .where('conversations.id', '=', conversationId)
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.tenant_id', '=', 'conversations.tenant_id')
        .onRef('messages.conversation_id', '=', 'conversations.id'),
    )
    // Positions count from 1 without gaps.
    .where('messages.position', '>', skip)
    .selectAll('messages')
    .orderBy('messages.position')
    .limit(limit)
    .execute()
  return rows.map(rowToMessage)
}

export async function countedUse(
  db: Kysely<Tables>,
  { tenantId, ownerId }: Owner,
): Promise<readonly CountedUse[]> {
  const rows = await db
    .selectFrom('ledger_counters')
    .select(['span', 'starts_at', 'ends_at', 'messages', 'tokens', 'money', 'unpriced_tokens'])
    .where('tenant_id', '=', tenantId)
    .where('scope', '=', 'user')
    .where('scope_id', '=', ownerId)
    .orderBy('starts_at', 'desc')
    .orderBy('span')
    .execute()
  return rows.map(
    ({ span, starts_at: startsAt, ends_at: endsAt, messages, tokens, money, unpriced_tokens: unpriced }) => ({
      span,
      startsAt,
      endsAt,
      used: { messages, tokens, money: unpriced > 0 ? null : money },
    }),
  )
}
