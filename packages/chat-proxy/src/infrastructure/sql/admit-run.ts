import { sql, type Selectable, type Transaction } from 'kysely'
import { conversationIdTaken, DomainError } from '../../domain/errors.js'
import type { Admission, AdmissionResult } from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'
import { refuseForgotten } from './forgotten-visitors.js'
import { bigint, text, type Records } from './idioms.js'
import { openConversation } from './open-conversation.js'
import { recordEvents } from './record-event.js'
import { reserve } from './reserve-rows.js'
import { messageToRow, rowToRun, runToRow } from './row-mappers.js'
import type { Lease } from './run-upkeep.js'
import type { ConversationTable, RunTable, Tables } from './schema.js'
import { Statement } from './statement.js'
import { storedText } from './stored-text.js'

/** Milliseconds of an admission after which the lease of its run counts anew. */
const LATE_MS = 50

/** All that is stored when a run is admitted, as a part of a transaction. See `RunRepository.admit`. */
export async function admitRun(
  trx: Transaction<Tables>,
  admission: Admission,
  lease: Lease,
): Promise<AdmissionResult> {
  const began = performance.now()
  const { run, opening, reservation, event, naming } = admission
  const older = await claim(trx, run, lease)
  if (older) return { outcome: 'exists', run: older }
  const hasOpened = opening !== null && (await openConversation(trx, opening.conversation))
  const messages = [admission.userMessage, admission.message].filter((message) => message !== null)
  const { last_position, title, title_by } = await moveHead(trx, admission, messages.length)
  await insertMessages(
    trx,
    messages.map((message, index) => messageToRow(message, last_position - messages.length + 1 + index)),
  )
  const { isNearlySpent } = await reserve(trx, reservation, run.createdAt)
  const isNamed = naming !== null && title_by === 'first-message' && title === storedText(naming.title)
  await recordEvents(trx, [...(hasOpened ? [opening.event] : []), event, ...(isNamed ? [naming.event] : [])])
  if (hasOpened) await refuseForgotten(trx, run)
  // It waited for what others were writing: the lease must not be old when others can see it.
  if (performance.now() - began > LATE_MS)
    await renewOwn.execute(trx, { ...lease, tenantId: run.tenantId, id: run.id })
  return { outcome: 'admitted', isNearlySpent, hasOpened }
}

/** @returns `null` when the id is ours now, else the run that has it. */
async function claim(trx: Transaction<Tables>, run: Run, { owner, ms }: Lease): Promise<Run | null> {
  const { numAffectedRows } = await claimId.execute(trx, {
    ...runToRow(run),
    lease_owner: owner,
    lease_ms: ms,
  })
  if (numAffectedRows === 1n) return null
  const older = await trx
    .selectFrom('runs')
    .selectAll()
    .where('tenant_id', '=', run.tenantId)
    .where('id', '=', run.id)
    .executeTakeFirstOrThrow()
  return rowToRun(older)
}

type ClaimedRow = ReturnType<typeof runToRow> &
  Pick<Selectable<RunTable>, 'lease_owner'> & { lease_ms: number }

const claimId = new Statement<ClaimedRow>((db, value, { now }) =>
  db
    .insertInto('runs')
    .values({
      tenant_id: value('tenant_id'),
      id: value('id'),
      conversation_id: value('conversation_id'),
      owner_id: value('owner_id'),
      user_message_id: value('user_message_id'),
      message_id: value('message_id'),
      request_digest: value('request_digest'),
      status: value('status'),
      model: value('model'),
      prompt_tokens: value('prompt_tokens'),
      completion_tokens: value('completion_tokens'),
      total_tokens: value('total_tokens'),
      error: value('error'),
      attempts: value('attempts'),
      last_seq: value('last_seq'),
      created_at: value('created_at'),
      ended_at: value('ended_at'),
      lease_owner: value('lease_owner'),
      lease_until: sql`${now} + ${value('lease_ms')}`,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing()),
)

const renewOwn = new Statement<Lease & { tenantId: string; id: string }>((db, value, { now }) =>
  db
    .updateTable('runs')
    .set({ lease_until: sql`${now} + ${value('ms')}` })
    .where('tenant_id', '=', value('tenantId'))
    .where('id', '=', value('id')),
)

type MovedHead = Pick<Selectable<ConversationTable>, 'last_position' | 'title' | 'title_by'>

/**
 * Makes the answer the conversation's head, and gives a conversation that has none a name. The row stays locked until the end of
 * the transaction, so positions of parallel admissions neither collide nor mix.
 */
async function moveHead(
  trx: Transaction<Tables>,
  { run, opening, message, naming }: Admission,
  added: number,
): Promise<MovedHead> {
  const { rows } = await head.execute(trx, {
    headId: message.id,
    at: run.createdAt,
    added,
    title: naming && storedText(naming.title),
    tenantId: run.tenantId,
    id: run.conversationId,
    ownerId: run.ownerId,
  })
  if (rows[0]) return rows[0]
  if (opening) throw conversationIdTaken()
  throw new DomainError('conversation-not-found', `No conversation with ID ${run.conversationId}`)
}

interface Head {
  readonly headId: string
  readonly at: number
  readonly added: number
  /** `null`: it stays as it is. */
  readonly title: string | null
  readonly tenantId: string
  readonly id: string
  readonly ownerId: string
}

const head = new Statement<Head, MovedHead>((db, value) =>
  db
    .updateTable('conversations')
    .set((eb) => ({
      head_id: value('headId'),
      updated_at: value('at'),
      last_position: eb('last_position', '+', value('added')),
      title: sql<string>`case when title_by = 'first-message' and head_id is null
        then coalesce(cast(${value('title')} as text), title) else title end`,
    }))
    .where('tenant_id', '=', value('tenantId'))
    .where('id', '=', value('id'))
    .where('owner_id', '=', value('ownerId'))
    .where('deleted_at', 'is', null)
    .returning(['last_position', 'title', 'title_by']),
)

async function insertMessages(
  trx: Transaction<Tables>,
  rows: readonly ReturnType<typeof messageToRow>[],
): Promise<void> {
  const { numAffectedRows } = await insert.execute(trx, { messages: rows })
  if (numAffectedRows === BigInt(rows.length)) return
  throw new DomainError('id-already-used', 'A message with this id exists already. Choose a new message id.')
}

/** A message that was just made has no feedback. The `where` tells SQLite that what follows is no join. */
const insert = new Statement<{ messages: Records }>((_db, value, { recordsOf }) => {
  const texts = [
    'tenant_id',
    'id',
    'conversation_id',
    'parent_id',
    'role',
    'content',
    'status',
    'run_id',
    'page_context',
  ]
  const numbers = ['position', 'created_at', 'prompt_tokens', 'completion_tokens', 'total_tokens']
  const fields = [...texts.map(text), ...['model', 'error'].map(text), ...numbers.map(bigint)]
  const columns = sql.join(fields.map(({ name }) => sql.ref(name)))
  return sql`insert into messages (${columns})
    select ${columns} from (${recordsOf(value('messages'), fields)}) as admitted where true
    order by position on conflict (tenant_id, id) do nothing`
})
