import type { Transaction } from 'kysely'
import type { Renaming } from './anonymise-ledger.js'
import type { Tables } from './schema.js'

/** A visitor that the person was, until the event of that number. */
export interface FormerVisitor {
  readonly name: string
  readonly until: number
}

/** Who the person was before they signed in. */
export async function formerVisitors(
  trx: Transaction<Tables>,
  { tenantId, name }: Pick<Renaming, 'tenantId' | 'name'>,
): Promise<readonly FormerVisitor[]> {
  const joined = await trx
    .selectFrom('events')
    .select(['seq', 'data'])
    .where('tenant_id', '=', tenantId)
    .where('actor', '=', name)
    .where('type', '=', 'conversation.joined')
    .orderBy('seq')
    .execute()
  const until = new Map<string, number>()
  for (const { seq, data } of joined) {
    const visitor = visitorIn(data)
    if (visitor !== null) until.set(visitor, seq)
  }
  return [...until].map(([visitor, seq]) => ({ name: visitor, until: seq }))
}

function visitorIn(data: string): string | null {
  // Events are written by the application alone, always as objects.
  const visitor = (JSON.parse(data) as Record<string, unknown>)['visitor_id']
  return typeof visitor === 'string' ? visitor : null
}

/**
 * Puts the pseudonym in the place of the actor in at most `limit` events, and takes out of them who the person was before.
 * @returns in how many
 */
export async function renameActor(
  trx: Transaction<Tables>,
  { tenantId, name, pseudonym }: Renaming,
  { limit, until = Number.MAX_SAFE_INTEGER }: { readonly limit: number; readonly until?: number },
): Promise<number> {
  const events = await trx
    .selectFrom('events')
    .select(['seq', 'type'])
    .where('tenant_id', '=', tenantId)
    .where('actor', '=', name)
    .where('seq', '<=', until)
    .orderBy('seq')
    .limit(limit)
    .execute()
  const change = (isJoin: boolean, set: { actor: string; data?: string }) =>
    update(
      trx,
      tenantId,
      events.filter(({ type }) => (type === 'conversation.joined') === isJoin).map(({ seq }) => seq),
      set,
    )
  await change(false, { actor: pseudonym })
  await change(true, { actor: pseudonym, data: '{}' })
  return events.length
}

async function update(
  trx: Transaction<Tables>,
  tenantId: string,
  seqs: readonly number[],
  set: { actor: string; data?: string },
): Promise<void> {
  if (seqs.length === 0) return
  await trx
    .updateTable('events')
    .set(set)
    .where('tenant_id', '=', tenantId)
    .where('seq', 'in', seqs)
    .execute()
}

/** Those who were warned that their budget is nearly spent. */
export async function renameWarned(
  trx: Transaction<Tables>,
  { tenantId, name, pseudonym }: Renaming,
): Promise<void> {
  await trx
    .updateTable('events')
    .set({ subject_id: pseudonym })
    .where('tenant_id', '=', tenantId)
    .where('type', '=', 'budget.warned')
    .where('subject_id', '=', name)
    .execute()
}
