import type { DomainEvent } from '../../domain/domain-event.js'
import type { EventLog } from '../../domain/ports/event-log.js'
import { Batch, SerialQueue } from './batch.js'
import { recordEvents } from './record-event.js'
import { scopeOf, type SqlDatabase } from './sql-database.js'

export class SqlEventLog implements EventLog {
  readonly #appended: Batch<DomainEvent>

  constructor(database: SqlDatabase) {
    this.#appended = new Batch(new SerialQueue(), async (events) => {
      await database.transaction(scopeOf(events.map(({ tenantId }) => tenantId)), (trx) =>
        recordEvents(trx, events),
      )
      return events.map(() => undefined)
    })
  }

  append(event: DomainEvent): Promise<void> {
    return this.#appended.add(event)
  }
}
