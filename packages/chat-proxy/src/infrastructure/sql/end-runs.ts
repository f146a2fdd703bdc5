import { sql, type Transaction } from 'kysely'
import type { DomainEvent } from '../../domain/domain-event.js'
import type { EndedLease } from '../../domain/ports/index.js'
import type { PriceList } from '../../domain/prices.js'
import type { RunEnd, RunRef } from '../../domain/run.js'
import { taking } from './change-rows.js'
import { bigint, text, type Records } from './idioms.js'
import { recordEvents } from './record-event.js'
import { attemptsToColumn, outcomeToColumns } from './row-mappers.js'
import type { Tables } from './schema.js'
import { settle } from './settle-rows.js'
import { Statement } from './statement.js'
import { storedText } from './stored-text.js'

export interface EndingRun {
  readonly run: RunRef
  readonly end: RunEnd
  readonly event: DomainEvent
  readonly lease: EndedLease
}

/**
 * Writes how runs ended, on runs and messages, with their events, and settles what was set aside for them; as a part of a
 * transaction, on a server with as many statements for many as for one.
 * @returns for each whether it was this that ended it
 */
export async function endRuns(
  trx: Transaction<Tables>,
  ending: readonly EndingRun[],
  { owner, prices }: { readonly owner: string; readonly prices: PriceList },
): Promise<readonly boolean[]> {
  // A run that is named twice is ended by the first.
  const first = new Map(ending.toReversed().map((one) => [nameOf(one.run.tenantId, one.run.runId), one]))
  const unended = ending.filter((one) => first.get(nameOf(one.run.tenantId, one.run.runId)) === one)
  const { rows } = await ends.execute(trx, { owner, ends: unended.map(runColumns) })
  const ours = rows.flatMap((row) => {
    const one = first.get(nameOf(row.tenant_id, row.id))
    return one ? [{ ...one, messageId: row.message_id, one }] : []
  })
  if (ours.length > 0) {
    await answers.execute(trx, { answers: ours.map(messageColumns) })
    const settlements = ours.map(({ run: { tenantId, runId }, end }) => ({
      reservation: { tenantId, id: runId },
      outcome: end,
    }))
    await settle(trx, settlements, prices)
    await recordEvents(
      trx,
      ours.map(({ event }) => event),
    )
  }
  const ended = new Set(ours.map(({ one }) => one))
  return ending.map((one) => ended.has(one))
}

const nameOf = (...parts: readonly string[]): string => JSON.stringify(parts)

const KEYS = [text('tenant_id'), text('id')]
const OUTCOME = [
  ...['status', 'model', 'error'].map(text),
  ...['prompt_tokens', 'completion_tokens', 'total_tokens'].map(bigint),
]

const runColumns = ({ run, end, lease }: EndingRun) => ({
  tenant_id: run.tenantId,
  id: run.runId,
  status: end.status,
  ...outcomeToColumns(end),
  attempts: attemptsToColumn(end.attempts),
  last_seq: end.lastSeq,
  ended_at: end.endedAt,
  keeps_lease: lease === 'kept' ? 1 : 0,
})

interface EndedRow {
  readonly tenant_id: string
  readonly id: string
  readonly message_id: string
}

/** Those that have no end yet, and that no other living process has. */
const ends = new Statement<{ owner: string; ends: Records }, EndedRow>((_db, value, { changeOf, now }) => {
  const fields = [...OUTCOME, text('attempts'), bigint('last_seq'), bigint('ended_at')]
  return changeOf({
    table: 'runs',
    records: value('ends'),
    keys: KEYS,
    fields: [...fields, bigint('keeps_lease')],
    set: (given) =>
      sql`${taking(fields)(given)}, lease_owner = case when ${given('keeps_lease')} = 1 then runs.lease_owner end`,
    where: sql`runs.ended_at is null and (runs.lease_owner = ${value('owner')} or runs.lease_until <= ${now})`,
    order: ['tenant_id', 'id'],
    returning: sql<EndedRow>`runs.tenant_id, runs.id, runs.message_id`,
  })
})

const messageColumns = ({ run, end, messageId }: EndingRun & { readonly messageId: string }) => ({
  tenant_id: run.tenantId,
  id: messageId,
  status: end.status,
  ...outcomeToColumns(end),
  content: storedText(end.content),
})

const answers = new Statement<{ answers: Records }>((_db, value, { changeOf }) => {
  const fields = [...OUTCOME, text('content')]
  return changeOf({
    table: 'messages',
    records: value('answers'),
    keys: KEYS,
    fields,
    set: taking(fields),
  })
})
