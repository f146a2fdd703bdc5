import type { DomainEvent } from '../domain-event.js'

/** The append-only `events` table, for what happens without a change to any other table. */
export interface EventLog {
  /** Durable when it resolves. */
  append(event: DomainEvent): Promise<void>
}
