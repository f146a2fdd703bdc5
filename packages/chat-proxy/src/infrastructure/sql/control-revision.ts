import type { Transaction } from 'kysely'
import type { ControlRevision } from '../../domain/ports/control.js'
import type { Tables } from './schema.js'
import { INSTALLATION, type SqlDatabase } from './sql-database.js'

export class SqlControlRevision implements ControlRevision {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  async current(): Promise<number> {
    const row = await this.#database.commanded(INSTALLATION, (db) =>
      db
        .selectFrom('control_revisions')
        .select('revision')
        .where('tenant_id', '=', INSTALLATION)
        .executeTakeFirst(),
    )
    return row?.revision ?? 0
  }

  isShared(): boolean {
    return this.#database.isShared()
  }
}

/** Within the transaction of a change by the operator: other processes then find something new. */
export async function raiseRevision(trx: Transaction<Tables>): Promise<void> {
  await trx
    .insertInto('control_revisions')
    .values({ tenant_id: INSTALLATION, revision: 1 })
    .onConflict((conflict) =>
      conflict
        .column('tenant_id')
        .doUpdateSet((eb) => ({ revision: eb('control_revisions.revision', '+', 1) })),
    )
    .execute()
}
