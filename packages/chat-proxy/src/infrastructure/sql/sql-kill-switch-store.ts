import type { Selectable } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import type { KillSwitch, SwitchTarget } from '../../domain/kill-switch.js'
import type { KillSwitchStore } from '../../domain/ports/kill-switch-store.js'
import { raiseRevision } from './control-revision.js'
import { recordEvent } from './record-event.js'
import type { KillSwitchTable } from './schema.js'
import { EVERY_TENANT, type SqlDatabase } from './sql-database.js'
import { storedText } from './stored-text.js'

export class SqlKillSwitchStore implements KillSwitchStore {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  async list(): Promise<readonly KillSwitch[]> {
    const rows = await this.#database.commanded(EVERY_TENANT, (db) =>
      db.selectFrom('kill_switches').selectAll().orderBy('since').execute(),
    )
    return rows.map(rowToSwitch)
  }

  turnOff({ target, since, reason: given }: KillSwitch, event: DomainEvent): Promise<void> {
    const reason = storedText(given)
    return this.#database.command(async (trx) => {
      await trx
        .insertInto('kill_switches')
        .values({ ...keyOf(target), since, reason })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'scope', 'name']).doUpdateSet({ reason }))
        .execute()
      await raiseRevision(trx)
      await recordEvent(trx, event)
    })
  }

  turnOn(target: SwitchTarget, event: DomainEvent): Promise<boolean> {
    return this.#database.command(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom('kill_switches')
        .where((eb) => eb.and(keyOf(target)))
        .executeTakeFirstOrThrow()
      if (numDeletedRows === 0n) return false
      await raiseRevision(trx)
      await recordEvent(trx, event)
      return true
    })
  }
}

const keyOf = (target: SwitchTarget) => ({
  tenant_id: target.scope === 'tenant' ? target.tenantId : '',
  scope: target.scope,
  name: target.scope === 'model' ? storedText(target.model) : '',
})

const rowToSwitch = (row: Selectable<KillSwitchTable>): KillSwitch => ({
  target: rowToTarget(row),
  since: row.since,
  reason: row.reason,
})

function rowToTarget({ scope, tenant_id, name }: Selectable<KillSwitchTable>): SwitchTarget {
  if (scope === 'tenant') return { scope, tenantId: tenant_id }
  return scope === 'model' ? { scope, model: name } : { scope }
}
