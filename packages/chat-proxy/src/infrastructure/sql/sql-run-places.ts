import { sql, type Transaction } from 'kysely'
import type { Limits } from '../../domain/limits.js'
import type { Clock, Owner, PlaceRef, RunPlaces, RunsAtOnce } from '../../domain/ports/index.js'
import { Batch, SerialQueue } from './batch.js'
import { text, type Records } from './idioms.js'
import type { Tables } from './schema.js'
import { scopeOf, type SqlDatabase } from './sql-database.js'
import { Statement } from './statement.js'

export interface SqlRunPlacesOptions {
  /** Names this process among those that share the database. */
  readonly owner: string
  readonly clock: Clock
}

/** A process that renews no more for so long is dead, and its places are free. Long enough to miss two renewals. */
const LEASE_MS = 5_000
const RENEW_MS = 1_500
/** Rows that ran out are taken away when nobody can still want them. */
const FORGET_MS = 60_000
/** No id is empty. */
const NO_RUN = ''

/**
 * Places in the database that processes share. A process that has it for itself counts its own answers anyway, so nothing is
 * written then.
 */
export class SqlRunPlaces implements RunPlaces {
  readonly #database: SqlDatabase
  readonly #options: SqlRunPlacesOptions
  readonly #held = new Set<string>()
  readonly #releases: Batch<PlaceRef>
  #cancelTimer: (() => void) | null = null
  #renewal = Promise.resolve()

  constructor(database: SqlDatabase, options: SqlRunPlacesOptions) {
    this.#database = database
    this.#options = options
    this.#releases = new Batch(new SerialQueue(), async (places) => {
      const keys = places.map(({ tenantId, id }) => ({ tenant_id: tenantId, id }))
      await database.quickTransaction(scopeOf(places.map(({ tenantId }) => tenantId)), (trx) =>
        giveBack.execute(trx, { keys }),
      )
      return places.map(() => undefined)
    })
  }

  async take(place: PlaceRef, max: Limits['runsAtOnce']): Promise<boolean> {
    if (!this.#database.isShared() || (max.user === null && max.tenant === null)) return true
    const isTaken = await this.#database.quickTransaction(place.tenantId, async (trx) => {
      // In the same order for all, so that none waits for two.
      if (max.tenant !== null) await this.#database.lock(trx, nameOf(place.tenantId))
      if (max.user !== null) await this.#database.lock(trx, nameOf(place.tenantId, place.ownerId))
      const others = await this.#takenOf(trx, place, place.id)
      if (others.user >= (max.user ?? Infinity) || others.tenant >= (max.tenant ?? Infinity)) return false
      await this.#insert(trx, place)
      return true
    })
    if (isTaken) this.#hold(place)
    return isTaken
  }

  async count(owner: Owner): Promise<RunsAtOnce> {
    if (!this.#database.isShared()) return { user: 0, tenant: 0 }
    return this.#database.quickTransaction(owner.tenantId, (trx) => this.#takenOf(trx, owner, NO_RUN))
  }

  async release(place: PlaceRef): Promise<void> {
    if (!this.#held.delete(keyOf(place))) return
    // It runs out by itself.
    await this.#releases.add(place).catch(() => {})
  }

  async close(): Promise<void> {
    this.#held.clear()
    this.#cancelTimer?.()
    await this.#renewal
    this.#cancelTimer?.()
  }

  /** @param except the id of a place that does not count */
  async #takenOf(trx: Transaction<Tables>, { tenantId, ownerId }: Owner, except: string) {
    return trx
      .selectFrom('run_places')
      .select(({ fn }) => [
        fn.countAll<number>().as('tenant'),
        sql<number>`coalesce(sum(case when owner_id = ${ownerId} then 1 else 0 end), 0)`.as('user'),
      ])
      .where('tenant_id', '=', tenantId)
      .where('id', '<>', except)
      .where('lease_until', '>', this.#database.now())
      .executeTakeFirstOrThrow()
  }

  async #insert(trx: Transaction<Tables>, { tenantId, id, ownerId }: PlaceRef): Promise<void> {
    const lease = { lease_owner: this.#options.owner, lease_until: this.#leaseUntil() }
    await trx
      .insertInto('run_places')
      .values({ tenant_id: tenantId, id, owner_id: ownerId, ...lease })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(lease))
      .execute()
  }

  #leaseUntil() {
    return sql<number>`${this.#database.now()} + ${sql.lit(LEASE_MS)}`
  }

  #hold(place: PlaceRef): void {
    this.#held.add(keyOf(place))
    this.#renewLater()
  }

  #renewLater(): void {
    if (this.#held.size === 0) return
    this.#cancelTimer ??= this.#options.clock.after(RENEW_MS, () => {
      this.#cancelTimer = null
      this.#renewal = this.#renew()
    })
  }

  /** What fails here is made up for by the next one. */
  async #renew(): Promise<void> {
    if (this.#held.size === 0) return
    await this.#database
      .upkeep(async (trx) => {
        await trx
          .updateTable('run_places')
          .set({ lease_until: this.#leaseUntil() })
          .where('lease_owner', '=', this.#options.owner)
          .execute()
        await trx
          .deleteFrom('run_places')
          .where('lease_until', '<', sql<number>`${this.#database.now()} - ${sql.lit(FORGET_MS)}`)
          .execute()
      })
      .catch(() => {})
    this.#renewLater()
  }
}

const giveBack = new Statement<{ keys: Records }>((_db, value, { recordsOf }) => {
  const keys = recordsOf(value('keys'), [text('tenant_id'), text('id')])
  return sql`delete from run_places where (tenant_id, id) in (select tenant_id, id from (${keys}) as released)`
})

const nameOf = (...parts: readonly string[]): string => `run_places:${JSON.stringify(parts)}`

const keyOf = ({ tenantId, id }: PlaceRef): string => JSON.stringify([tenantId, id])
