import { sql } from 'kysely'
import { idiomsOf } from '../idioms.js'
import type { Migration } from './migration.js'

/**
 * All that ever becomes of an event: while a person is being forgotten, their pseudonym stands in the place of their name, and who
 * they were before they signed in is taken out.
 */
const FORGETTING = sql<boolean>`
  new.tenant_id = old.tenant_id and new.seq = old.seq and new.type = old.type and new.at = old.at
  and (new.data = old.data or (old.type = 'conversation.joined' and new.data = '{}'))
  and exists (
    select 1 from erasures
    where erasures.tenant_id = old.tenant_id and erasures.subject is not null
      and ((new.actor = erasures.pseudonym and new.subject_id = old.subject_id)
        or (new.subject_id = erasures.pseudonym and new.actor = old.actor and old.type = 'budget.warned')))`

/** The database itself refuses to change events or to take them away. */
export const eventsAreKept: Migration = {
  id: 13,
  name: 'events are kept',
  async up(trx) {
    for (const statement of idiomsOf(trx).keep('events', FORGETTING)) await statement.execute(trx)
  },
}
