import type { Arrival, Load } from './queue-order.js'

/** Counts what is being made, by owner and by tenant. */
export class Tally implements Load {
  #running = 0
  readonly #counts = new Map<string, number>()

  get running(): number {
    return this.#running
  }

  ofOwner(arrival: Arrival): number {
    return this.#counts.get(ownerKey(arrival)) ?? 0
  }

  ofTenant(arrival: Arrival): number {
    return this.#counts.get(tenantKey(arrival)) ?? 0
  }

  add(arrival: Arrival, change: 1 | -1): void {
    this.#running += change
    for (const key of [ownerKey(arrival), tenantKey(arrival)]) {
      const count = (this.#counts.get(key) ?? 0) + change
      if (count > 0) this.#counts.set(key, count)
      else this.#counts.delete(key)
    }
  }
}

const ownerKey = ({ tenantId, ownerId }: Arrival): string => JSON.stringify([tenantId, ownerId])
const tenantKey = ({ tenantId }: Arrival): string => JSON.stringify([tenantId])
