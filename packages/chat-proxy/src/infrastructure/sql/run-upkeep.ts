import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { RunUpdate } from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'
import { taking } from './change-rows.js'
import { bigint, text, type Idioms, type Records } from './idioms.js'
import { attemptsToColumn } from './row-mappers.js'
import type { Tables } from './schema.js'
import { Statement } from './statement.js'
import { storedText } from './stored-text.js'

/*
 * What is done all the time for all running runs of a process. On a server it is one statement for any number of them. They change many
 * rows, so a process does one of them at a time: two could wait for each other's rows for ever. The runs are one parameter there:
 * a text of its own for every number of them would be prepared anew each time, and kept.
 */

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
  const { rows } = await progressOfRuns.execute(trx, { ...lease, progress: places })
  if (rows.length === 0) return
  const progressOf = new Map(updates.map(({ run, progress }) => [nameOf(keyOf(run)), progress]))
  const texts = rows.flatMap(({ message_id, ...run }) => {
    const progress = progressOf.get(nameOf(run))
    if (!progress) return []
    const { model, content } = progress
    return [
      { tenant_id: run.tenant_id, id: message_id, model: storedText(model), content: storedText(content) },
    ]
  })
  await progressOfMessages.execute(trx, { progress: texts })
}

const progressOfRuns = new Statement<Lease & { progress: Records }, RunKey & { message_id: string }>(
  (_db, value, { changeOf, now }) => {
    const fields = [bigint('last_seq'), text('model'), text('attempts')]
    return changeOf({
      table: 'runs',
      records: value('progress'),
      keys: KEYS,
      fields,
      set: (given) =>
        sql`status = 'streaming', ${taking(fields)(given)}, lease_until = ${now} + ${value('ms')}`,
      where: sql`${IS_ACTIVE} and runs.lease_owner = ${value('owner')}`,
      order: ['tenant_id', 'id'],
      returning: sql`runs.tenant_id, runs.id, runs.message_id`,
    })
  },
)

const progressOfMessages = new Statement<{ progress: Records }>((_db, value, { changeOf }) => {
  const fields = [text('model'), text('content')]
  return changeOf({
    table: 'messages',
    records: value('progress'),
    keys: KEYS,
    fields,
    set: (given) => sql`status = 'streaming', ${taking(fields)(given)}`,
  })
})

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
  if (renewed.numAffectedRows === BigInt(runs.length)) return runs
  const kept = await keptRuns.execute(trx, { owner: lease.owner, named })
  return kept.rows.map(({ tenant_id, id }) => ({ tenantId: tenant_id, runId: id }))
}

interface RunKey {
  readonly tenant_id: string
  readonly id: string
}

const renewal = new Statement<Lease & { named: Records }>((_db, value, { changeOf, now }) =>
  changeOf({
    table: 'runs',
    records: value('named'),
    keys: KEYS,
    fields: [],
    set: () => sql`lease_until = ${now} + ${value('ms')}`,
    where: sql`${IS_ACTIVE} and runs.lease_owner = ${value('owner')}`,
    order: ['tenant_id', 'id'],
    ifTaken: 'leave',
  }),
)

const keptRuns = new Statement<{ owner: string; named: Records }, RunKey>(
  (_db, value, idioms) => sql<RunKey>`${namedRuns(value('named'), idioms)}
    select runs.tenant_id, runs.id from runs, named
    where ${IS_NAMED} and ${IS_ACTIVE} and runs.lease_owner = ${value('owner')}`,
)

/** Gives up the leases of those that have ended. In the order in which ends are taken, so that none waits for two. */
export async function releaseLeases(trx: Transaction<Tables>, runs: readonly RunRef[]): Promise<void> {
  await release.execute(trx, { named: runs.map(keyOf) })
}

const release = new Statement<{ named: Records }>((_db, value, { changeOf }) =>
  changeOf({
    table: 'runs',
    records: value('named'),
    keys: KEYS,
    fields: [],
    set: () => sql`lease_owner = null`,
    where: sql`runs.ended_at is not null`,
    order: ['tenant_id', 'id'],
  }),
)

const KEYS = [text('tenant_id'), text('id')]

const namedRuns = (named: Records, { recordsOf }: Idioms) => sql`with named as (${recordsOf(named, KEYS)})`

const keyOf = ({ tenantId, runId }: RunRef): RunKey => ({ tenant_id: tenantId, id: runId })

const nameOf = ({ tenant_id, id }: RunKey): string => JSON.stringify([tenant_id, id])

const IS_NAMED = sql`runs.tenant_id = named.tenant_id and runs.id = named.id`
const IS_ACTIVE = sql`runs.ended_at is null`
