import type { Owner } from '../../domain/ports/index.js'
import type { Load } from './queue-order.js'

/** Counts what is being made, by owner and by tenant. */
export class Tally implements Load {
  #running = 0
  readonly #counts = new Map<string, number>()

  get running(): number {
    return this.#running
  }

  ofOwner(owner: Owner): number {
    return this.#counts.get(ownerKey(owner)) ?? 0
  }

  ofTenant(owner: Owner): number {
    return this.#counts.get(tenantKey(owner)) ?? 0
  }

  add(owner: Owner, change: 1 | -1): void {
    this.#running += change
    for (const key of [ownerKey(owner), tenantKey(owner)]) {
      const count = (this.#counts.get(key) ?? 0) + change
      if (count > 0) this.#counts.set(key, count)
      else this.#counts.delete(key)
    }
  }
}

const ownerKey = ({ tenantId, ownerId }: Owner): string => JSON.stringify([tenantId, ownerId])
const tenantKey = ({ tenantId }: Owner): string => JSON.stringify([tenantId])
