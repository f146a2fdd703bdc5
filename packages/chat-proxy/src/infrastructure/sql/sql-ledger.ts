import type { Counter, CounterState, Outcome, Reservation } from '../../domain/ledger.js'
import type { Ledger } from '../../domain/ports/index.js'
import type { PriceList } from '../../domain/prices.js'
import { Batch, SerialQueue } from './batch.js'
import { countersNow } from './ledger-rows.js'
import { reserve } from './reserve-rows.js'
import { settle, settleAsSent, type Settlement } from './settle-rows.js'
import { EVERY_TENANT, scopeOf, type SqlDatabase } from './sql-database.js'

/** Abandoned reservations settled in one go. */
const AT_ONCE = 100

export class SqlLedger implements Ledger {
  readonly #database: SqlDatabase
  readonly #settlements: Batch<Settlement>

  constructor(database: SqlDatabase, prices: PriceList) {
    this.#database = database
    this.#settlements = new Batch(new SerialQueue(), async (settlements) => {
      const tenantIds = settlements.map(({ reservation }) => reservation.tenantId)
      await database.priority(scopeOf(tenantIds), (trx) => settle(trx, settlements, prices))
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

  settle(reservation: Pick<Reservation, 'tenantId' | 'id'>, outcome: Outcome): Promise<void> {
    return this.#settlements.add({ reservation, outcome })
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
