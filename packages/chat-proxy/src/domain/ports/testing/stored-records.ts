import { randomUUID } from 'node:crypto'
import type { Conversation } from '../../conversation.js'
import type { DomainEvent } from '../../domain-event.js'
import type { Counter, Reservation } from '../../ledger.js'
import type { Feedback, Message } from '../../message.js'
import type { RunAttempt } from '../../run-attempt.js'
import type { Run, RunEnd } from '../../run.js'
import type { RunProgress } from '../run-repository.js'
import type { JobLeases } from '../job-leases.js'
import type { Ledger } from '../ledger.js'
import type { PersonalData } from '../personal-data.js'
import type { Retention } from '../retention.js'
import type { Summaries } from '../summaries.js'
import type { Admission, RunRepository } from '../run-repository.js'
import type { ConversationRepository, Owner } from '../conversation-repository.js'

/** The two repositories over one store, as the suites need them. Data of other tests may be in it, of other tenants. */
export interface OpenStore {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly ledger: Ledger
  readonly personalData: PersonalData
  readonly retention: Retention
  readonly summaries: Summaries
  /** The leases of jobs as one more process has them. */
  jobLeases(): JobLeases
  /** All rows of all tables that hold something of tenants, as text to look into. */
  everything(): Promise<string>
  /** The runs as another process has them, whose leases last for `leaseMs`; with 0 it is as good as dead. */
  otherProcess(leaseMs: number): RunRepository
  /** What stands in the event log of a tenant, oldest first. */
  events(tenantId: string): Promise<readonly DomainEvent[]>
  close(): Promise<void>
}

export const NOON = Date.UTC(2026, 0, 15, 12)

export const newId = (prefix: string): string => `${prefix}_${randomUUID()}`

/** A visitor of a tenant that no other test has. */
export const newOwner = (tenantId = newId('t')): Owner => ({ tenantId, ownerId: newId('v') })

export const newConversation = (owner: Owner, over: Partial<Conversation> = {}): Conversation => ({
  ...owner,
  id: newId('c'),
  title: 'Opening hours',
  titleBy: 'first-message',
  mode: 'open',
  documentIds: [],
  createdAt: NOON,
  updatedAt: NOON,
  headId: null,
  ...over,
})

export const created = (conversation: Conversation): DomainEvent => ({
  tenantId: conversation.tenantId,
  type: 'conversation.created',
  subjectId: conversation.id,
  actor: conversation.ownerId,
  at: conversation.createdAt,
  data: { mode: conversation.mode },
})

export const updated = (conversation: Conversation, at = NOON): DomainEvent => ({
  tenantId: conversation.tenantId,
  type: 'conversation.updated',
  subjectId: conversation.id,
  actor: conversation.ownerId,
  at,
  data: { title: true },
})

export const deleted = (conversation: Conversation, at = NOON + 1): DomainEvent => ({
  tenantId: conversation.tenantId,
  type: 'conversation.deleted',
  subjectId: conversation.id,
  actor: conversation.ownerId,
  at,
  data: {},
})

export const joined = (conversation: Conversation, user: string): DomainEvent => ({
  tenantId: conversation.tenantId,
  type: 'conversation.joined',
  subjectId: conversation.id,
  actor: user,
  at: NOON + 2,
  data: { visitor_id: conversation.ownerId },
})

const event = (
  type: DomainEvent['type'],
  { tenantId, id, ownerId }: Pick<Conversation, 'tenantId' | 'id' | 'ownerId'>,
  at: number,
): DomainEvent => ({ tenantId, type, subjectId: id, actor: ownerId, at, data: {} })

export const restored = (conversation: Conversation): DomainEvent =>
  event('conversation.restored', conversation, NOON + 2)

export const entitled = (conversation: Conversation): DomainEvent => ({
  ...event('conversation.updated', conversation, NOON + 3),
  data: { title: true },
})

export const rated = (run: Run, { rating, at }: Feedback): DomainEvent => ({
  ...event('message.rated', { ...run, id: run.messageId }, at),
  data: { rating },
})

/** A title that a person gave. */
export const renamed = (text: string) => ({ title: { text, by: 'person' } }) as const

export const newRun = (conversation: Conversation, over: Partial<Run> = {}): Run => ({
  tenantId: conversation.tenantId,
  id: newId('r'),
  conversationId: conversation.id,
  ownerId: conversation.ownerId,
  userMessageId: newId('m'),
  messageId: newId('m'),
  requestDigest: 'digest',
  status: 'queued',
  model: null,
  usage: null,
  error: null,
  attempts: [],
  lastSeq: 0,
  createdAt: NOON,
  endedAt: null,
  ...over,
})

const newMessage = (run: Run, over: Partial<Message>): Message => ({
  tenantId: run.tenantId,
  id: run.messageId,
  conversationId: run.conversationId,
  parentId: null,
  role: 'user',
  content: '',
  status: 'completed',
  runId: null,
  model: null,
  usage: null,
  error: null,
  pageContext: null,
  feedback: null,
  createdAt: run.createdAt,
  ...over,
})

export const admitted = (run: Run): DomainEvent => ({
  tenantId: run.tenantId,
  type: 'run.admitted',
  subjectId: run.id,
  actor: run.ownerId,
  at: run.createdAt,
  data: { conversation_id: run.conversationId, regenerate: false },
})

/** The day of one user, without limits unless they are given. */
export const dayOf = (
  { tenantId, ownerId }: Pick<Run, 'tenantId' | 'ownerId'>,
  max: Partial<Counter['max']> = {},
): Counter => ({
  tenantId,
  scope: 'user',
  scopeId: ownerId,
  span: 'day',
  startsAt: NOON - 12 * 3_600_000,
  endsAt: NOON + 12 * 3_600_000,
  max: { messages: null, tokens: null, money: null, ...max },
})

/** One message and nothing else, on the user's day. */
export const reservation = (run: Run, over: Partial<Reservation> = {}): Reservation => ({
  tenantId: run.tenantId,
  id: run.id,
  counters: [dayOf(run)],
  worst: { messages: 1, tokens: 0, money: 0 },
  promptTokens: 0,
  price: null,
  expiresAt: null,
  ...over,
})

/** A question with its empty answer below `parentId`. */
export function question(run: Run, content: string, parentId: string | null = null): Admission {
  return {
    run,
    opening: null,
    userMessage: newMessage(run, { id: run.userMessageId, content, parentId }),
    message: answerTo(run, run.userMessageId),
    event: admitted(run),
    naming: null,
    reservation: reservation(run),
  }
}

/** A first question, and the conversation that it opens. */
export const opening = (run: Run, conversation: Conversation): Admission => ({
  ...question(run, 'hello'),
  opening: { conversation, event: created(conversation) },
})

/** One more answer to the question that `run` names. */
export const regeneration = (run: Run): Admission => ({
  run,
  opening: null,
  userMessage: null,
  message: answerTo(run, run.userMessageId),
  event: admitted(run),
  naming: null,
  reservation: reservation(run),
})

const answerTo = (run: Run, parentId: string): Message =>
  newMessage(run, { parentId, role: 'assistant', status: 'queued', runId: run.id })

export const ATTEMPT: RunAttempt = {
  provider: 'demo',
  model: 'demo',
  outcome: 'completed',
  status: 200,
  usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  startedAt: NOON + 1_000,
  endedAt: NOON + 5_000,
}

/** How far an answer has come. */
export const progress = (content: string, over: Partial<RunProgress> = {}): RunProgress => ({
  content,
  lastSeq: 1,
  model: 'demo',
  attempts: [],
  ...over,
})

export const completed = (content: string, over: Partial<RunEnd> = {}): RunEnd => ({
  status: 'completed',
  content,
  model: 'demo',
  usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  error: null,
  attempts: [ATTEMPT],
  lastSeq: 9,
  endedAt: NOON + 5_000,
  ...over,
})

export const ended = (run: Run, end: RunEnd): DomainEvent => ({
  tenantId: run.tenantId,
  type: 'run.ended',
  subjectId: run.id,
  actor: 'system',
  at: end.endedAt,
  data: { status: end.status, total_tokens: end.usage?.total_tokens ?? null },
})

/** A question that was answered, with nothing left to do for it. */
export async function answered(
  { runs }: Pick<OpenStore, 'runs'>,
  admission: Admission,
  content = 'An answer.',
): Promise<Run> {
  const { run } = admission
  const end = completed(content)
  await runs.admit(admission)
  await runs.end(refOf(run), end, ended(run, end))
  await runs.release([refOf(run)])
  return run
}

export const refOf = (run: Run) => ({ tenantId: run.tenantId, runId: run.id })

export const ownerOf = ({ tenantId, ownerId }: Owner): Owner => ({ tenantId, ownerId })
