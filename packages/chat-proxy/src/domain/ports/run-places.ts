import type { Limits } from '../limits.js'

/** An answer that is about to be made: a run's, or one that is no run. */
export interface PlaceRef {
  readonly tenantId: string
  /** Of the run or the completion. */
  readonly id: string
  readonly ownerId: string
}

/**
 * How many answers are made at the same time for one person and for one tenant, in all processes that share a store. Each
 * object speaks for one process. Adapters pass `runPlacesSuite`.
 */
export interface RunPlaces {
  /**
   * Takes a place for the owner and one for the tenant, or none: never more than `max` at the same time, however many ask at
   * once. It is kept until `release`, or until this process is dead. Taking it again changes nothing.
   * @throws DomainError `store-unavailable`
   */
  take(place: PlaceRef, max: Limits['runsAtOnce']): Promise<boolean>
  /** Gives the place back. Never rejects: one that cannot be given back now runs out by itself. */
  release(place: PlaceRef): Promise<void>
  /** Resolves when the process keeps no places alive any more. */
  close(): Promise<void>
}
