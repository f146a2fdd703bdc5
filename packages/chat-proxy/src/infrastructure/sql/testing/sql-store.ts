import { randomUUID } from 'node:crypto'
import type { DomainEvent } from '../../../domain/domain-event.js'
import type { OpenTenantStore } from '../../../domain/ports/tenant-store.suite.js'
import type { OpenStore } from '../../../domain/ports/testing/stored-records.js'
import { PriceList } from '../../../domain/prices.js'
import { SqlControlRevision } from '../control-revision.js'
import { SqlTenantStore } from '../sql-tenant-store.js'
import { SqlConversationRepository } from '../sql-conversation-repository.js'
import type { SqlDatabase } from '../sql-database.js'
import { SqlLedger } from '../sql-ledger.js'
import { SqlRunRepository } from '../sql-run-repository.js'

/** What the suites of the ports need, over an open database, as one process has it. */
export const sqlStore = (database: SqlDatabase): OpenStore => ({
  conversations: new SqlConversationRepository(database),
  runs: runsOf(database, MINUTE),
  ledger: new SqlLedger(database, PRICES),
  otherProcess: (leaseMs) => runsOf(database, leaseMs),
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

async function readEvents({ kysely }: SqlDatabase, tenantId: string): Promise<DomainEvent[]> {
  const rows = await kysely
    .selectFrom('events')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('seq')
    .execute()
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
