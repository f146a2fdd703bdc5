import type { DomainEvent } from '../domain-event.js'
import type { Counter, CounterState, Outcome, Reservation } from '../ledger.js'

/**
 * What was used of quotas and budgets, in the same database as the answers. Runs set aside and settle as a part of being
 * admitted and of ending (`RunRepository`); this is for answers that are no runs, and for those who ask how they stand.
 * Adapters pass `ledgerSuite`.
 */
export interface Ledger {
  /**
   * Sets the worst case aside on every counter, or on none.
   * @returns whether a budget is nearly spent
   * @throws DomainError `quota-exceeded` with the limit; nothing is set aside then
   */
  reserve(reservation: Reservation, now: number): Promise<{ readonly isNearlySpent: boolean }>
  /** A reservation that is still needed: it may be taken for abandoned only after `expiresAt`. */
  extend(reservation: Pick<Reservation, 'tenantId' | 'id'>, expiresAt: number): Promise<void>
  /** Counts what it did cost and gives back the rest, once, and records that it is over, if there is an `event` of it. Durable when it resolves. */
  settle(
    reservation: Pick<Reservation, 'tenantId' | 'id'>,
    outcome: Outcome,
    event?: DomainEvent,
  ): Promise<void>
  /**
   * Settles reservations that were to be extended until `now` and were not: their process is dead. What was sent counts,
   * because it may have been paid; what may have come is not known. @returns how many
   */
  settleAbandoned(now: number): Promise<number>
  /** How counters stand, in the order asked for; those that nobody has used yet as zero. */
  read(counters: readonly Counter[]): Promise<readonly CounterState[]>
}
