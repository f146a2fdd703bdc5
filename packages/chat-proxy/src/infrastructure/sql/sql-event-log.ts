import type { DomainEvent } from '../../domain/domain-event.js'
import type { EventLog } from '../../domain/ports/event-log.js'
import { recordEvent } from './record-event.js'
import type { SqlDatabase } from './sql-database.js'

export class SqlEventLog implements EventLog {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  append(event: DomainEvent): Promise<void> {
    return this.#database.transaction(event.tenantId, (trx) => recordEvent(trx, event))
  }
}
