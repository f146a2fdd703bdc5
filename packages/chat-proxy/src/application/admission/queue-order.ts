import { TIERS, type Limits, type Tier } from '../../domain/limits.js'
import type { Owner, PlaceRef } from '../../domain/ports/index.js'

/** An answer that somebody wants to have made. */
export interface Arrival extends PlaceRef {
  readonly tier: Tier
  /** How many answers may be made for its owner and its tenant at the same time. */
  readonly max: Limits['runsAtOnce']
}

/** What is being made here. */
export interface Load {
  readonly running: number
  ofOwner(owner: Owner): number
  ofTenant(owner: Owner): number
}

/** Whether the answer may be begun, as far as this process knows. */
export const hasRoom = (arrival: Arrival, load: Load, maxRuns: number): boolean =>
  load.running < maxRuns &&
  load.ofOwner(arrival) < (arrival.max.user ?? Infinity) &&
  load.ofTenant(arrival) < (arrival.max.tenant ?? Infinity)

/** Who has to leave a full queue for somebody of this tier: of the lowest tier below it, the one that came last. */
export function shedFor<T extends { readonly arrival: Arrival }>(
  tier: Tier,
  waiting: readonly T[],
): T | null {
  let shed: T | null = null
  for (const other of waiting) {
    const rank = TIERS.indexOf(other.arrival.tier)
    if (rank < TIERS.indexOf(tier) && (!shed || rank <= TIERS.indexOf(shed.arrival.tier))) shed = other
  }
  return shed
}
