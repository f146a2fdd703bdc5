import type { Transaction } from 'kysely'
import type { Forgotten } from '../../domain/ports/index.js'
import { recordEvent } from './record-event.js'
import type { Tables } from './schema.js'

export interface PurgeOptions {
  readonly tenantId: string
  /** Most messages taken away. */
  readonly limit: number
  /** Time of the events. */
  readonly at: number
}

interface MessagePart {
  readonly messageIds: readonly string[]
  readonly runIds: readonly string[]
  /** The conversation has no other messages. */
  readonly isWhole: boolean
}

/**
 * Takes away conversations with all that hangs on them, the longest in several steps, and records each that is gone. One in
 * which an answer is still being made, or being told, stays. Rows are taken in the order of all transactions: runs,
 * conversations, messages, counter and event.
 * @param ids conversations that nobody can find, more than `limit` allows if there are more
 */
export async function purgeConversations(
  trx: Transaction<Tables>,
  ids: readonly string[],
  { tenantId, limit, at }: PurgeOptions,
): Promise<Forgotten> {
  const purged: string[] = []
  const runs: string[] = []
  let [left, isComplete] = [limit, true]
  for (const id of ids) {
    if (left <= 0) isComplete = false
    if (left <= 0) break
    const part = await partOf(trx, { tenantId, id, limit: left })
    if (part === null) {
      isComplete = false
      continue
    }
    await removePart(trx, tenantId, part)
    // One that holds nothing counts, too: else any number of them would be one step.
    left -= Math.max(1, part.messageIds.length)
    runs.push(...part.runIds)
    if (part.isWhole) purged.push(id)
    else isComplete = false
  }
  await removeConversations(trx, tenantId, purged)
  for (const subjectId of purged)
    await recordEvent(trx, {
      tenantId,
      type: 'conversation.purged',
      subjectId,
      actor: 'system',
      at,
      data: {},
    })
  return {
    conversations: purged.length,
    messages: limit - left,
    runs: runs.map((runId) => ({ tenantId, runId })),
    isComplete,
  }
}

/** @returns null when an answer in it is not over */
async function partOf(
  trx: Transaction<Tables>,
  { tenantId, id, limit }: { readonly tenantId: string; readonly id: string; readonly limit: number },
): Promise<MessagePart | null> {
  const messages = await trx
    .selectFrom('messages')
    .select(['id', 'run_id'])
    .where('tenant_id', '=', tenantId)
    .where('conversation_id', '=', id)
    .orderBy('position')
    .limit(limit + 1)
    .execute()
  const taken = messages.slice(0, limit)
  const runIds = taken.map(({ run_id }) => run_id).filter((runId) => runId !== null)
  if (await isBusy(trx, tenantId, runIds)) return null
  return { messageIds: taken.map((message) => message.id), runIds, isWhole: messages.length <= limit }
}

/** Whether a process makes one of these answers, or has not told its end yet. */
async function isBusy(
  trx: Transaction<Tables>,
  tenantId: string,
  runIds: readonly string[],
): Promise<boolean> {
  if (runIds.length === 0) return false
  const busy = await trx
    .selectFrom('runs')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', runIds)
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('lease_owner', 'is not', null)]))
    .limit(1)
    .executeTakeFirst()
  return busy !== undefined
}

async function removePart(
  trx: Transaction<Tables>,
  tenantId: string,
  { messageIds, runIds }: MessagePart,
): Promise<void> {
  if (messageIds.length === 0) return
  const ofTenant = { tenant_id: tenantId }
  const remove = trx.deleteFrom('summaries').where((eb) => eb.and(ofTenant))
  await remove.where('message_id', 'in', messageIds).execute()
  if (runIds.length > 0) {
    await trx
      .deleteFrom('runs')
      .where((eb) => eb.and(ofTenant))
      .where('id', 'in', runIds)
      .execute()
  }
  await trx
    .deleteFrom('messages')
    .where((eb) => eb.and(ofTenant))
    .where('id', 'in', messageIds)
    .execute()
}

async function removeConversations(
  trx: Transaction<Tables>,
  tenantId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await trx.deleteFrom('conversations').where('tenant_id', '=', tenantId).where('id', 'in', ids).execute()
}
