import { sql, type Transaction } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import { bigint, text } from './idioms.js'
import { eventToRow } from './row-mappers.js'
import type { Tables } from './schema.js'
import { Statement } from './statement.js'

/**
 * Appends `event` to its tenant's log, inside the transaction that makes the change. Call it last: raising the counter
 * makes other writers of the tenant wait for this commit. That wait is what lets a reader trust its cursor: a sequence
 * of the database would hand out numbers that become visible out of order, and a cursor would step over the late ones.
 */
export const recordEvent = (trx: Transaction<Tables>, event: DomainEvent): Promise<void> =>
  recordEvents(trx, [event])

/** The same for several, of any tenants, in their order: each counter is raised once. */
export async function recordEvents(trx: Transaction<Tables>, events: readonly DomainEvent[]): Promise<void> {
  const counts = new Map<string, number>()
  for (const { tenantId } of events) counts.set(tenantId, (counts.get(tenantId) ?? 0) + 1)
  const raised = [...counts].map(([tenant_id, last_seq]) => ({ tenant_id, last_seq }))
  const { rows } = await raiseCounters.execute(trx, { raised: JSON.stringify(raised) })
  const next = new Map(rows.map((row) => [row.tenant_id, row.last_seq - (counts.get(row.tenant_id) ?? 0)]))
  const numbered = events.map((event) => {
    const seq = (next.get(event.tenantId) ?? 0) + 1
    next.set(event.tenantId, seq)
    return eventToRow(event, seq)
  })
  await append.execute(trx, { events: JSON.stringify(numbered) })
}

interface RaisedCounter {
  readonly tenant_id: string
  readonly last_seq: number
}

/** In the same order for all, so that none waits for two. The `where` tells SQLite that what follows is no join. */
const raiseCounters = new Statement<{ raised: string }, RaisedCounter>((_db, value, { recordsOf }) => {
  const raised = recordsOf(value('raised'), [text('tenant_id'), bigint('last_seq')])
  return sql<RaisedCounter>`insert into event_counters (tenant_id, last_seq)
    select tenant_id, last_seq from (${raised}) as raised where true order by tenant_id
    on conflict (tenant_id) do update set last_seq = event_counters.last_seq + excluded.last_seq
    returning tenant_id, last_seq`
})

const append = new Statement<{ events: string }>((_db, value, { recordsOf }) => {
  const fields = [
    ...['tenant_id', 'type', 'subject_id', 'actor', 'data'].map(text),
    bigint('seq'),
    bigint('at'),
  ]
  const columns = sql.join(fields.map(({ name }) => sql.ref(name)))
  return sql`insert into events (${columns})
    select ${columns} from (${recordsOf(value('events'), fields)}) as appended`
})
