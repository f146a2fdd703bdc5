import type { Transaction } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import { eventToRow } from './row-mappers.js'
import type { Tables } from './schema.js'

/**
 * Appends `event` to its tenant's log, inside the transaction that makes the change. Call it last: raising the counter
 * makes other writers of the tenant wait for this commit. That wait is what lets a reader trust its cursor: a sequence
 * of the database would hand out numbers that become visible out of order, and a cursor would step over the late ones.
 */
export async function recordEvent(trx: Transaction<Tables>, event: DomainEvent): Promise<void> {
  const counter = await trx
    .insertInto('event_counters')
    .values({ tenant_id: event.tenantId, last_seq: 1 })
    .onConflict((conflict) =>
      conflict.column('tenant_id').doUpdateSet((eb) => ({ last_seq: eb('event_counters.last_seq', '+', 1) })),
    )
    .returning('last_seq')
    .executeTakeFirstOrThrow()
  await trx.insertInto('events').values(eventToRow(event, counter.last_seq)).execute()
}
