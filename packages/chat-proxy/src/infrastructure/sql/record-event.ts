import { sql, type Transaction } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import { bigint, idiomsOf, text, type Idioms, type Records } from './idioms.js'
import { eventToRow } from './row-mappers.js'
import type { Tables } from './schema.js'
import { Statement, type ValueOf } from './statement.js'

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
  const rows = events.toReversed().map((event) => {
    const later = counts.get(event.tenantId) ?? 0
    counts.set(event.tenantId, later + 1)
    return { ...eventToRow(event), later }
  })
  const raised = [...counts].map(([tenant_id, last_seq]) => ({ tenant_id, last_seq }))
  const values = { raised, events: rows.toReversed() }
  if (idiomsOf(trx).writesWithin) {
    await raiseAndAppend.execute(trx, values)
  } else {
    await raise.execute(trx, values)
    await append.execute(trx, values)
  }
}

interface Recording {
  /** By how much each counter grows. */
  readonly raised: Records
  /** Each with how many of its tenant come after it. */
  readonly events: Records
}

/** In the same order for all, so that none waits for two. The `where` tells SQLite that what follows is no join. */
const raising = (value: ValueOf<Recording>, { recordsOf }: Idioms) => sql`
  insert into event_counters (tenant_id, last_seq)
  select tenant_id, last_seq from (${recordsOf(value('raised'), [text('tenant_id'), bigint('last_seq')])}) as raised
  where true order by tenant_id
  on conflict (tenant_id) do update set last_seq = event_counters.last_seq + excluded.last_seq`

/** @param counters where the counters stand as they were raised */
function appending(counters: string, value: ValueOf<Recording>, { recordsOf }: Idioms) {
  const fields = ['tenant_id', 'type', 'subject_id', 'actor', 'data'].map(text)
  const numbers = [bigint('at'), bigint('later')]
  const columns = sql.join([...fields, bigint('at')].map(({ name }) => sql.ref(`appended.${name}`)))
  return sql`
    insert into events (tenant_id, type, subject_id, actor, data, at, seq)
    select ${columns}, counters.last_seq - appended.later
    from (${recordsOf(value('events'), [...fields, ...numbers])}) as appended
    inner join ${sql.table(counters)} as counters on counters.tenant_id = appended.tenant_id`
}

const raise = new Statement<Recording>((_db, value, idioms) => raising(value, idioms))

const append = new Statement<Recording>((_db, value, idioms) => appending('event_counters', value, idioms))

/** At once, where that is possible: others wait for as long as the counter is held. */
const raiseAndAppend = new Statement<Recording>(
  (_db, value, idioms) =>
    sql`with counters as (${raising(value, idioms)} returning tenant_id, last_seq) ${appending('counters', value, idioms)}`,
)
