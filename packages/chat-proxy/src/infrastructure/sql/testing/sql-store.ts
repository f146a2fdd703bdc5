import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { DomainEvent } from '../../../domain/domain-event.js'
import type { OpenKillSwitchStore } from '../../../domain/ports/kill-switch-store.suite.js'
import type { OpenTenantStore } from '../../../domain/ports/tenant-store.suite.js'
import type { OpenStore } from '../../../domain/ports/testing/stored-records.js'
import { PriceList } from '../../../domain/prices.js'
import { SqlControlRevision } from '../control-revision.js'
import { SqlKillSwitchStore } from '../sql-kill-switch-store.js'
import { SqlTenantStore } from '../sql-tenant-store.js'
import { SqlConversationRepository } from '../sql-conversation-repository.js'
import type { SqlDatabase } from '../sql-database.js'
import { SqlJobLeases } from '../sql-job-leases.js'
import { SqlLedger } from '../sql-ledger.js'
import { SqlPersonalData } from '../sql-personal-data.js'
import { SqlRetention } from '../sql-retention.js'
import { SqlRunRepository } from '../sql-run-repository.js'
import { SqlSummaries } from '../sql-summaries.js'

/** What the suites of the ports need, over an open database, as one process has it. */
export const sqlStore = (database: SqlDatabase): OpenStore => ({
  conversations: new SqlConversationRepository(database),
  runs: runsOf(database, MINUTE),
  ledger: new SqlLedger(database, PRICES),
  personalData: new SqlPersonalData(database),
  retention: new SqlRetention(database),
  summaries: new SqlSummaries(database),
  jobLeases: () => new SqlJobLeases(database, randomUUID()),
  everything: () => everyRow(database),
  otherProcess: (leaseMs) => runsOf(database, leaseMs),
  events: (tenantId) => readEvents(database, tenantId),
  close: () => database.close(),
})

export const killSwitchStore = (database: SqlDatabase): OpenKillSwitchStore => ({
  switches: new SqlKillSwitchStore(database),
  revision: new SqlControlRevision(database),
  events: (tenantId) => readEvents(database, tenantId),
  close: () => database.close(),
})

/** The same for what the operator changes. */
export const tenantStore = (database: SqlDatabase): OpenTenantStore => ({
  tenants: new SqlTenantStore(database),
  revision: new SqlControlRevision(database),
  events: (tenantId) => readEvents(database, tenantId),
  close: () => database.close(),
})

const MINUTE = 60_000
/** A dollar for a million tokens of question, two for those of an answer. */
const PRICES = new PriceList(new Map([['demo', { prompt: 1_000_000, completion: 2_000_000 }]]))

const runsOf = (database: SqlDatabase, leaseMs: number): SqlRunRepository =>
  new SqlRunRepository(database, { owner: randomUUID(), leaseMs, prices: PRICES })

async function readEvents(database: SqlDatabase, tenantId: string): Promise<DomainEvent[]> {
  const rows = await database.use(tenantId, (db) =>
    db.selectFrom('events').selectAll().where('tenant_id', '=', tenantId).orderBy('seq').execute(),
  )
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- compared with what was written, so a wrong one fails the test
    type: row.type as DomainEvent['type'],
    subjectId: row.subject_id,
    actor: row.actor,
    at: row.at,
    data: JSON.parse(row.data),
  }))
}

/** Every row of every table but those that hold nothing of tenants. */
async function everyRow({ kysely }: SqlDatabase): Promise<string> {
  const tables = await kysely.introspection.getTables()
  const rows: unknown[] = []
  for (const { name } of tables.filter((table) => !NOT_OF_TENANTS.has(table.name)))
    rows.push([name, ...(await sql`select * from ${sql.table(name)}`.execute(kysely)).rows])
  return JSON.stringify(rows)
}

const NOT_OF_TENANTS = new Set(['migrations', 'signing_keys'])
