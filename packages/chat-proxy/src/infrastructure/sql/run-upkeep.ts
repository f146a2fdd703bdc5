import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { RunProgress } from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'
import { attemptsToColumn } from './row-mappers.js'
import type { Tables } from './schema.js'
import { storedText } from './stored-text.js'

/*
 * What is done all the time for all running runs of a process, as one statement for any number of them. They change many
 * rows, so a process does one of them at a time: two could wait for each other's rows for ever. The runs are one parameter:
 * a text of its own for every number of them would be prepared anew each time, and kept.
 */

export interface RunUpdate {
  readonly run: RunRef
  readonly progress: RunProgress
}

/** Who holds the leases, and until when. */
export interface Lease {
  readonly owner: string
  readonly until: RawBuilder<number>
}

/** The objects of a JSON array as a table with these of their fields. */
export type RecordsOf = (json: string, fields: readonly RecordField[]) => RawBuilder<unknown>

export interface RecordField {
  readonly name: string
  readonly type: 'text' | 'bigint'
}

/** What differs between technologies. */
export interface UpkeepDialect {
  readonly recordsOf: RecordsOf
  /** End of a `select` of rows of `runs` that are to be changed: leaves out those that another transaction is changing. */
  readonly skipLockedRuns: RawBuilder<unknown>
}

const TENANT: RecordField = { name: 'tenant_id', type: 'text' }
const RUN: RecordField = { name: 'run_id', type: 'text' }
const MODEL: RecordField = { name: 'model', type: 'text' }
const LAST_SEQ: RecordField = { name: 'last_seq', type: 'bigint' }
const ATTEMPTS: RecordField = { name: 'attempts', type: 'text' }
const CONTENT: RecordField = { name: 'content', type: 'text' }

/** Saves how far the runs have come, on run and message, where the lease is still `lease.owner`'s. */
export async function saveProgress(
  trx: Transaction<Tables>,
  updates: readonly RunUpdate[],
  lease: Lease,
  { recordsOf }: UpkeepDialect,
): Promise<void> {
  const places = updates.map(({ run, progress: { lastSeq, model, attempts } }) => ({
    ...keyOf(run),
    last_seq: lastSeq,
    model: storedText(model),
    attempts: attemptsToColumn(attempts),
  }))
  const texts = updates.map(({ run, progress: { model, content } }) => ({
    ...keyOf(run),
    model: storedText(model),
    content: storedText(content),
  }))
  await sql`with progress as (${recordsOf(JSON.stringify(places), [TENANT, RUN, LAST_SEQ, MODEL, ATTEMPTS])})
    update runs set status = 'streaming', last_seq = progress.last_seq, model = progress.model,
      attempts = progress.attempts, lease_until = ${lease.until}
    from progress where ${isActive('progress')} and lease_owner = ${lease.owner}`.execute(trx)
  await sql`with progress as (${recordsOf(JSON.stringify(texts), [TENANT, RUN, MODEL, CONTENT])})
    update messages set status = 'streaming', content = progress.content, model = progress.model
    from progress, runs where ${isActive('progress')} and runs.lease_owner = ${lease.owner}
    and messages.tenant_id = runs.tenant_id and messages.id = runs.message_id`.execute(trx)
}

/**
 * Renews what nobody is just changing: a run that is being ended needs no lease, and may wait for long for a counter that many
 * share, with all others of its process behind it.
 * @returns the runs whose lease is still `lease.owner`'s
 */
export async function renewLeases(
  trx: Transaction<Tables>,
  runs: readonly RunRef[],
  lease: Lease,
  { recordsOf, skipLockedRuns }: UpkeepDialect,
): Promise<readonly RunRef[]> {
  const ours = sql`${isActive('named')} and runs.lease_owner = ${lease.owner}`
  const renewed = await sql<RunKey>`${named(runs, recordsOf)}, free as (
      select runs.tenant_id, runs.id from runs, named where ${ours} ${skipLockedRuns})
    update runs set lease_until = ${lease.until}
    from free where runs.tenant_id = free.tenant_id and runs.id = free.id
    returning runs.tenant_id, runs.id`.execute(trx)
  if (renewed.rows.length === runs.length) return runs
  const kept = await sql<RunKey>`${named(runs, recordsOf)}
    select runs.tenant_id, runs.id from runs, named where ${ours}`.execute(trx)
  return kept.rows.map(({ tenant_id, id }) => ({ tenantId: tenant_id, runId: id }))
}

interface RunKey {
  readonly tenant_id: string
  readonly id: string
}

/** Gives up the leases of those that have ended. */
export async function releaseLeases(
  trx: Transaction<Tables>,
  runs: readonly RunRef[],
  { recordsOf }: UpkeepDialect,
): Promise<void> {
  await sql`${named(runs, recordsOf)}
    update runs set lease_owner = null
    from named where runs.tenant_id = named.tenant_id and runs.id = named.run_id
    and runs.ended_at is not null`.execute(trx)
}

const named = (runs: readonly RunRef[], recordsOf: RecordsOf) =>
  sql`with named as (${recordsOf(JSON.stringify(runs.map(keyOf)), [TENANT, RUN])})`

const keyOf = ({ tenantId, runId }: RunRef) => ({ tenant_id: tenantId, run_id: runId })

const isActive = (source: string) => {
  const from = sql.id(source)
  return sql`runs.tenant_id = ${from}.tenant_id and runs.id = ${from}.run_id and runs.ended_at is null`
}
