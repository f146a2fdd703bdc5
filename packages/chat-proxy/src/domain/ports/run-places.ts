import type { Limits } from '../limits.js'
import type { Owner } from './conversation-repository.js'

/** An answer that is about to be made: a run's, or one that is no run. */
export interface PlaceRef {
  readonly tenantId: string
  /** Of the run or the completion. */
  readonly id: string
  readonly ownerId: string
}

/** Answers that are being made at the same time. */
export interface RunsAtOnce {
  readonly user: number
  readonly tenant: number
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
  /**
   * How many answers are being made. What this process makes for itself alone, its queue knows better: then 0.
   * @throws DomainError `store-unavailable`
   */
  count(owner: Owner): Promise<RunsAtOnce>
  /** Gives the place back. Never rejects: one that cannot be given back now runs out by itself. */
  release(place: PlaceRef): Promise<void>
  /** Resolves when the process keeps no places alive any more. */
  close(): Promise<void>
}
