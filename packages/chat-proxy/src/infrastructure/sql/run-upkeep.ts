import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { RunProgress } from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'
import { attemptsToColumn } from './row-mappers.js'
import type { Tables } from './schema.js'
import { storedText } from './stored-text.js'

/*
 * What is done all the time for all running runs of a process, as one statement for any number of them. They change many
 * rows, so a process does one of them at a time: two could wait for each other's rows for ever.
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

/** Saves how far the runs have come, on run and message, where the lease is still `lease.owner`'s. */
export async function saveProgress(
  trx: Transaction<Tables>,
  updates: readonly RunUpdate[],
  lease: Lease,
): Promise<void> {
  const rows = updates.map(({ run, progress: { lastSeq, model, content, attempts } }) =>
    row([
      run.tenantId,
      run.runId,
      lastSeq,
      storedText(model),
      storedText(content),
      attemptsToColumn(attempts),
    ]),
  )
  const progress = sql`with progress (tenant_id, run_id, last_seq, model, content, attempts) as (values ${sql.join(rows)})`
  await sql`${progress}
    update runs set status = 'streaming', last_seq = progress.last_seq, model = progress.model,
      attempts = progress.attempts, lease_until = ${lease.until}
    from progress where ${isActive('progress')} and lease_owner = ${lease.owner}`.execute(trx)
  await sql`${progress}
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
  skipLocked: RawBuilder<unknown>,
): Promise<readonly RunRef[]> {
  const ours = sql`${isActive('named')} and runs.lease_owner = ${lease.owner}`
  const renewed = await sql<RunKey>`${named(runs)}, free as (
      select runs.tenant_id, runs.id from runs, named where ${ours} ${skipLocked})
    update runs set lease_until = ${lease.until}
    from free where runs.tenant_id = free.tenant_id and runs.id = free.id
    returning runs.tenant_id, runs.id`.execute(trx)
  if (renewed.rows.length === runs.length) return runs
  const kept = await sql<RunKey>`${named(runs)}
    select runs.tenant_id, runs.id from runs, named where ${ours}`.execute(trx)
  return kept.rows.map(({ tenant_id, id }) => ({ tenantId: tenant_id, runId: id }))
}

interface RunKey {
  readonly tenant_id: string
  readonly id: string
}

/** Gives up the leases of those that have ended. */
export async function releaseLeases(trx: Transaction<Tables>, runs: readonly RunRef[]): Promise<void> {
  await sql`${named(runs)}
    update runs set lease_owner = null
    from named where runs.tenant_id = named.tenant_id and runs.id = named.run_id
    and runs.ended_at is not null`.execute(trx)
}

const named = (runs: readonly RunRef[]) => {
  const rows = runs.map(({ tenantId, runId }) => row([tenantId, runId]))
  return sql`with named (tenant_id, run_id) as (values ${sql.join(rows)})`
}

const isActive = (source: string) => {
  const from = sql.id(source)
  return sql`runs.tenant_id = ${from}.tenant_id and runs.id = ${from}.run_id and runs.ended_at is null`
}

/** Casts, because PostgreSQL takes a parameter in a list of values for text. */
const row = (values: readonly (string | number)[]) =>
  sql`(${sql.join(
    values.map((value) =>
      typeof value === 'number' ? sql`cast(${value} as bigint)` : sql`cast(${value} as text)`,
    ),
  )})`
