import type { Kysely, Selectable } from 'kysely'
import type { StoredTenant, TenantChange, TenantStore } from '../../domain/ports/tenant-store.js'
import { raiseRevision } from './control-revision.js'
import { recordEvent } from './record-event.js'
import type { Tables, TenantTable } from './schema.js'
import { EVERY_TENANT, type SqlDatabase } from './sql-database.js'
import { storedText } from './stored-text.js'

/** Tenants in the database. Changes stand in line, so that no two of them take the same key. */
export class SqlTenantStore implements TenantStore {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  list(): Promise<readonly StoredTenant[]> {
    return this.#database.commanded(EVERY_TENANT, allTenants)
  }

  change(id: string, decide: (all: readonly StoredTenant[]) => TenantChange): Promise<StoredTenant | null> {
    return this.#database.command(async (trx) => {
      await this.#database.lock(trx, 'tenants')
      const all = await allTenants(trx)
      const { settings, event } = decide(all)
      const before = all.find((tenant) => tenant.id === id)
      const after = settings && {
        id,
        settings,
        createdAt: before?.createdAt ?? event.at,
        updatedAt: event.at,
      }
      await trx.deleteFrom('tenants').where('tenant_id', '=', id).execute()
      if (after) await trx.insertInto('tenants').values(tenantToRow(after)).execute()
      await raiseRevision(trx)
      await recordEvent(trx, event)
      return after
    })
  }
}

async function allTenants(db: Kysely<Tables>): Promise<readonly StoredTenant[]> {
  const rows = await db.selectFrom('tenants').selectAll().execute()
  // Not by the database: its order is that of its collation.
  return rows.map(rowToTenant).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

const tenantToRow = (tenant: StoredTenant): Selectable<TenantTable> => ({
  tenant_id: tenant.id,
  settings: storedText(JSON.stringify(tenant.settings)),
  created_at: tenant.createdAt,
  updated_at: tenant.updatedAt,
})

const rowToTenant = (row: Selectable<TenantTable>): StoredTenant => ({
  id: row.tenant_id,
  // Only this file writes the column, always from a value of this type.
  settings: JSON.parse(row.settings),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
