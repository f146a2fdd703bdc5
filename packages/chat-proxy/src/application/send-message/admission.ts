import type { Conversation } from '../../domain/conversation.js'
import type { Reservation } from '../../domain/ledger.js'
import type { Message } from '../../domain/message.js'
import type { Admission, Naming, Opening } from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'
import { deriveId, digestOf } from '../shared/ids.js'
import type { SendMessageInput } from './input.js'
import type { NewQuestion, Placement } from './placement.js'

/**
 * What a repeated run id is compared by: everything that was asked. By whom is no part of it: a visitor may have become a
 * user between two tries. Nor is what the page told: it may tell something else by then, and the question is the same.
 */
export const requestDigest = (input: SendMessageInput): string =>
  digestOf([
    input.conversationId,
    input.content ?? null,
    input.messageId ?? null,
    input.answerId ?? null,
    input.parentId ?? null,
    input.regenerate ?? null,
    input.edit ?? null,
  ])

export interface AdmissionParts {
  readonly conversation: Conversation
  readonly opening: Opening | null
  readonly input: SendMessageInput & { readonly runId: string }
  readonly placement: Placement
  readonly digest: string
  readonly model: string
  readonly naming: Naming | null
  readonly reservation: Reservation
  readonly now: number
}

/** Everything that is stored when a run is admitted. Ids the client did not make follow from the run's. */
export function admissionOf(parts: AdmissionParts): Admission {
  const { placement, input } = parts
  const userMessageId =
    'existingQuestion' in placement
      ? placement.existingQuestion.id
      : (input.messageId ?? deriveId('m', input.runId, 'question'))
  const run = runOf(parts, userMessageId)
  return {
    run,
    opening: parts.opening,
    userMessage: 'newQuestion' in placement ? questionMessage(run, placement.newQuestion) : null,
    message: answerMessage(run),
    event: admittedEvent(run),
    naming: parts.naming,
    reservation: parts.reservation,
  }
}

function runOf({ conversation, input, digest, model, now }: AdmissionParts, userMessageId: string): Run {
  return {
    tenantId: conversation.tenantId,
    id: input.runId,
    conversationId: conversation.id,
    ownerId: conversation.ownerId,
    userMessageId,
    messageId: input.answerId ?? deriveId('m', input.runId, 'answer'),
    requestDigest: digest,
    status: 'queued',
    model,
    usage: null,
    error: null,
    attempts: [],
    lastSeq: 0,
    createdAt: now,
    endedAt: null,
  }
}

const messageOf = ({ tenantId, conversationId, createdAt }: Run) =>
  ({
    tenantId,
    conversationId,
    createdAt,
    usage: null,
    error: null,
    pageContext: null,
    feedback: null,
  }) as const

const questionMessage = (run: Run, question: NewQuestion): Message => ({
  ...messageOf(run),
  ...question,
  id: run.userMessageId,
  role: 'user',
  status: 'completed',
  runId: null,
  model: null,
})

const answerMessage = (run: Run): Message => ({
  ...messageOf(run),
  id: run.messageId,
  parentId: run.userMessageId,
  role: 'assistant',
  content: '',
  status: run.status,
  runId: run.id,
  model: run.model,
})

const admittedEvent = (run: Run): Admission['event'] => ({
  tenantId: run.tenantId,
  type: 'run.admitted',
  subjectId: run.id,
  actor: run.ownerId,
  at: run.createdAt,
  data: { conversationId: run.conversationId, messageId: run.messageId, model: run.model },
})
