import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { RunProgress } from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'
import { bigint, text, type Idioms, type Records } from './idioms.js'
import { attemptsToColumn } from './row-mappers.js'
import type { Tables } from './schema.js'
import { Statement } from './statement.js'
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

/** Who holds the leases, and for how long. */
export interface Lease {
  readonly owner: string
  readonly ms: number
}

/** Saves how far the runs have come, on run and message, where the lease is still `lease.owner`'s. */
export async function saveProgress(
  trx: Transaction<Tables>,
  updates: readonly RunUpdate[],
  lease: Lease,
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
  await progressOfRuns.execute(trx, { ...lease, progress: places })
  await progressOfMessages.execute(trx, { owner: lease.owner, progress: texts })
}

/** Taken in one order, as those that end are, so that none waits for two. */
const progressOfRuns = new Statement<Lease & { progress: Records }>(
  (_db, value, { recordsOf, lock, now }) => {
    const progress = recordsOf(value('progress'), [
      ...RUN,
      bigint('last_seq'),
      text('model'),
      text('attempts'),
    ])
    return sql`with progress as (${progress}),
    taken as (
      select progress.* from progress inner join runs on ${isActive('progress')}
      where runs.lease_owner = ${value('owner')} order by progress.tenant_id, progress.run_id ${lock('runs')})
    update runs set status = 'streaming', last_seq = taken.last_seq, model = taken.model,
      attempts = taken.attempts, lease_until = ${now} + ${value('ms')}
    from taken where ${isRunOf('taken')}`
  },
)

/**
 * Runs first: while PostgreSQL has no statistics of a new database, it would rather join every message of the tenant with
 * everything to be saved, and ends wait for this.
 */
const progressOfMessages = new Statement<{ owner: string; progress: Records }>(
  (_db, value, { recordsOf }) => {
    const progress = recordsOf(value('progress'), [...RUN, text('model'), text('content')])
    return sql`with progress as (${progress}),
    said as materialized (
      select runs.tenant_id, runs.message_id, progress.content, progress.model from progress inner join runs on ${isActive('progress')}
      where runs.lease_owner = ${value('owner')})
    update messages set status = 'streaming', content = said.content, model = said.model
    from said where messages.tenant_id = said.tenant_id and messages.id = said.message_id`
  },
)

/**
 * Renews what nobody is just changing: a run that is being ended needs no lease, and may wait for long for a counter that many
 * share, with all others of its process behind it.
 * @returns the runs whose lease is still `lease.owner`'s
 */
export async function renewLeases(
  trx: Transaction<Tables>,
  runs: readonly RunRef[],
  lease: Lease,
): Promise<readonly RunRef[]> {
  const named = runs.map(keyOf)
  const renewed = await renewal.execute(trx, { ...lease, named })
  if (renewed.rows.length === runs.length) return runs
  const kept = await keptRuns.execute(trx, { owner: lease.owner, named })
  return kept.rows.map(({ tenant_id, id }) => ({ tenantId: tenant_id, runId: id }))
}

interface RunKey {
  readonly tenant_id: string
  readonly id: string
}

const renewal = new Statement<Lease & { named: Records }, RunKey>(
  (_db, value, idioms) => sql<RunKey>`${namedRuns(value('named'), idioms)}, free as (
      select runs.tenant_id, runs.id from runs, named
      where ${isActive('named')} and runs.lease_owner = ${value('owner')} ${idioms.lockFree('runs')})
    update runs set lease_until = ${idioms.now} + ${value('ms')}
    from free where runs.tenant_id = free.tenant_id and runs.id = free.id
    returning runs.tenant_id, runs.id`,
)

const keptRuns = new Statement<{ owner: string; named: Records }, RunKey>(
  (_db, value, idioms) => sql<RunKey>`${namedRuns(value('named'), idioms)}
    select runs.tenant_id, runs.id from runs, named
    where ${isActive('named')} and runs.lease_owner = ${value('owner')}`,
)

/** Gives up the leases of those that have ended. In the order in which ends are taken, so that none waits for two. */
export async function releaseLeases(trx: Transaction<Tables>, runs: readonly RunRef[]): Promise<void> {
  await release.execute(trx, { named: runs.map(keyOf) })
}

const release = new Statement<{ named: Records }>(
  (_db, value, idioms) => sql`${namedRuns(value('named'), idioms)},
    ended as (
      select named.* from named inner join runs on ${isRunOf('named')}
      where runs.ended_at is not null order by named.tenant_id, named.run_id ${idioms.lock('runs')})
    update runs set lease_owner = null
    from ended where ${isRunOf('ended')}`,
)

const RUN = [text('tenant_id'), text('run_id')]

const namedRuns = (named: Records, { recordsOf }: Idioms) => sql`with named as (${recordsOf(named, RUN)})`

const keyOf = ({ tenantId, runId }: RunRef) => ({ tenant_id: tenantId, run_id: runId })

const isRunOf = (source: string) => {
  const from = sql.id(source)
  return sql`runs.tenant_id = ${from}.tenant_id and runs.id = ${from}.run_id`
}

const isActive = (source: string) => sql`${isRunOf(source)} and runs.ended_at is null`
