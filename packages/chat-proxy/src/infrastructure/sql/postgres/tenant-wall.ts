import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
import { TABLES, type Tables } from '../schema.js'
import { EVERY_TENANT, type TenantScope } from '../sql-database.js'

/*
 * Row-level security as a second wall between tenants. The first is the `where tenant_id = …` of every query. Each
 * transaction says whose rows it is about, and the server hides all others, also from a query that forgets to ask.
 */

/** How the wall is kept up for the login of this installation. */
export interface TenantWall {
  /** What work is done as, because the login itself would see through the wall; `null`: as the login. */
  readonly role: string | null
  /** True: the login sees through it and may make no such role, so that the queries are the only wall. */
  readonly isOpen: boolean
}

/** Has no login and owns nothing. One for all databases of a server. */
const ROLE = 'colloquy_rows'

/** Its rows of the empty tenant are sums of the whole installation, which every answer is counted in. */
const SHARED_SUMS = 'ledger_counters'

/** Within a transaction that no other process is in at the same time. Does only what is not done yet. */
export async function raiseWall(trx: Transaction<Tables>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relrowsecurity and relforcerowsecurity`.execute(
    trx,
  )
  const walled = new Set(rows.map(({ name }) => name))
  for (const [name, of] of Object.entries(TABLES))
    if (of === 'tenant' && !walled.has(name)) await wallOff(trx, name)
}

async function wallOff(trx: Transaction<Tables>, name: string): Promise<void> {
  const table = sql.table(name)
  const shared = name === SHARED_SUMS ? sql`or tenant_id = ''` : sql``
  await sql`alter table ${table} enable row level security`.execute(trx)
  // Its owner, too: that is who we are.
  await sql`alter table ${table} force row level security`.execute(trx)
  await sql`
    create policy tenant_wall on ${table} using (
      tenant_id = current_setting('colloquy.tenant', true)
      or current_setting('colloquy.every_tenant', true) = 'on' ${shared}
    )`.execute(trx)
}

/** Finds out whether the login is held back by the wall, and if not, makes a role that is. */
export async function keepWall(
  kysely: Kysely<Tables>,
  lock: (trx: Transaction<Tables>) => Promise<unknown>,
): Promise<TenantWall> {
  const { rows } = await sql<{ bypasses: boolean }>`
    select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user`.execute(kysely)
  if (rows[0]?.bypasses !== true) return { role: null, isOpen: false }
  try {
    await kysely.transaction().execute(async (trx) => {
      await lock(trx)
      await makeRole(trx)
    })
    return { role: ROLE, isOpen: false }
  } catch {
    return { role: null, isOpen: true }
  }
}

async function makeRole(trx: Transaction<Tables>): Promise<void> {
  // Another database of the server may make it in this moment.
  await sql`do $$ begin create role ${sql.id(ROLE)} nologin;
    exception when duplicate_object or unique_violation then null; end $$`.execute(trx)
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(trx)
  await sql`grant usage on schema ${sql.id(rows[0]?.name ?? 'public')} to ${sql.id(ROLE)}`.execute(trx)
  const tables = sql.join(Object.keys(TABLES).map((name) => sql.table(name)))
  await sql`grant select, insert, update, delete on ${tables} to ${sql.id(ROLE)}`.execute(trx)
  // Fails where the login may not become it.
  await sql`set local role ${sql.id(ROLE)}`.execute(trx)
}

/** The first statement of a transaction: whose rows it is about, until its end. */
export function enter(
  { role }: TenantWall,
  scope: TenantScope,
  { isDurable }: { readonly isDurable: boolean },
): RawBuilder<unknown> {
  const settings: Readonly<Record<string, string>> = {
    'colloquy.tenant': scope === EVERY_TENANT ? '' : scope,
    'colloquy.every_tenant': scope === EVERY_TENANT ? 'on' : '',
    ...(!isDurable && { synchronous_commit: 'off' }),
    ...(role !== null && { role }),
  }
  const calls = Object.entries(settings).map(([name, value]) => sql`set_config(${name}, ${value}, true)`)
  return sql`select ${sql.join(calls)}`
}

/** For the migrator, which may have to change everybody's rows. */
export const enterMigration = sql`select set_config('colloquy.every_tenant', 'on', true)`
