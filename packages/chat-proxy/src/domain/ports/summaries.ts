import type { DomainEvent } from '../domain-event.js'
import type { Summary } from '../summary.js'
import type { Owner } from './conversation-repository.js'

/** Summaries of branches, kept with their conversation and gone with it. Adapters pass `summariesSuite`. */
export interface Summaries {
  /** Those that end at one of these messages. */
  find(owner: Owner, messageIds: readonly string[]): Promise<readonly Summary[]>
  /** Keeps it, with its event. @returns false, and no event, when the message has one already or is gone */
  keep(owner: Owner, summary: Summary, event: DomainEvent): Promise<boolean>
}
