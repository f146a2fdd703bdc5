import type { DomainEvent } from '../../domain/domain-event.js'
import type { Counter, CounterState, Outcome, Reservation } from '../../domain/ledger.js'
import type { Ledger } from '../../domain/ports/index.js'
import type { PriceList } from '../../domain/prices.js'
import { Batch, SerialQueue } from './batch.js'
import { countersNow } from './ledger-rows.js'
import { recordEvents } from './record-event.js'
import { reserve } from './reserve-rows.js'
import { settle, settleAsSent, type Settlement } from './settle-rows.js'
import { EVERY_TENANT, scopeOf, type SqlDatabase } from './sql-database.js'

/** Abandoned reservations settled in one go. */
const AT_ONCE = 100

/** A settlement, with what is recorded beside it. */
interface Settled extends Settlement {
  readonly event: DomainEvent | undefined
}

export class SqlLedger implements Ledger {
  readonly #database: SqlDatabase
  readonly #settlements: Batch<Settled>

  constructor(database: SqlDatabase, prices: PriceList) {
    this.#database = database
    this.#settlements = new Batch(new SerialQueue(), async (settlements) => {
      const tenantIds = settlements.map(({ reservation }) => reservation.tenantId)
      const events = settlements.flatMap(({ event }) => event ?? [])
      await database.priority(scopeOf(tenantIds), async (trx) => {
        await settle(trx, settlements, prices)
        if (events.length > 0) await recordEvents(trx, events)
      })
      return settlements.map(() => undefined)
    })
  }

  /** Not waited for on the disk: what a power cut takes with it is set aside for answers that it ends as well. */
  reserve(reservation: Reservation, now: number): Promise<{ readonly isNearlySpent: boolean }> {
    return this.#database.quickTransaction(reservation.tenantId, (trx) => reserve(trx, reservation, now))
  }

  async extend({ tenantId, id }: Pick<Reservation, 'tenantId' | 'id'>, expiresAt: number): Promise<void> {
    await this.#database.quickTransaction(tenantId, (trx) =>
      trx
        .updateTable('ledger_reservations')
        .set({ expires_at: expiresAt })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .execute(),
    )
  }

  settle(
    reservation: Pick<Reservation, 'tenantId' | 'id'>,
    outcome: Outcome,
    event?: DomainEvent,
  ): Promise<void> {
    return this.#settlements.add({ reservation, outcome, event })
  }

  async settleAbandoned(now: number): Promise<number> {
    const rows = await this.#database.use(EVERY_TENANT, (db) =>
      db
        .selectFrom('ledger_reservations')
        .select(['tenant_id', 'id'])
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(AT_ONCE)
        .execute(),
    )
    for (const row of rows)
      await this.#database.transaction(row.tenant_id, (trx) => settleAsSent(trx, row, now))
    return rows.length
  }

  read(counters: readonly Counter[]): Promise<readonly CounterState[]> {
    return this.#database.use(scopeOf(counters.map(({ tenantId }) => tenantId)), (db) =>
      countersNow(db, counters),
    )
  }
}
