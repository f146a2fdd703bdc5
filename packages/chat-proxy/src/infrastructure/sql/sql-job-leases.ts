import { sql } from 'kysely'
import type { JobLeases } from '../../domain/ports/index.js'
import { INSTALLATION, type SqlDatabase } from './sql-database.js'

export class SqlJobLeases implements JobLeases {
  readonly #database: SqlDatabase
  readonly #owner: string

  /** @param owner names this process; no other one, before or after it, has the same */
  constructor(database: SqlDatabase, owner: string) {
    this.#database = database
    this.#owner = owner
  }

  acquire(job: string, forMs: number): Promise<boolean> {
    const now = this.#database.now()
    const lease = { owner: this.#owner, until: sql<number>`${now} + ${sql.lit(forMs)}` }
    return this.#database.quickTransaction(INSTALLATION, async (trx) => {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('job_leases')
        .values({ tenant_id: INSTALLATION, job, ...lease })
        .onConflict((conflict) =>
          conflict
            .columns(['tenant_id', 'job'])
            .doUpdateSet(lease)
            .where((eb) =>
              eb.or([eb('job_leases.owner', '=', this.#owner), eb('job_leases.until', '<=', now)]),
            ),
        )
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    })
  }

  async release(job: string): Promise<void> {
    await this.#database.quickTransaction(INSTALLATION, (trx) =>
      trx
        .deleteFrom('job_leases')
        .where('tenant_id', '=', INSTALLATION)
        .where('job', '=', job)
        .where('owner', '=', this.#owner)
        .execute(),
    )
  }
}
