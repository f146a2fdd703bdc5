import type { Caller } from '../../domain/caller.js'
import { titleFrom, type Conversation } from '../../domain/conversation.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import { newId } from './ids.js'

export interface NewConversation {
  readonly id?: string | undefined
  readonly title?: string | undefined
  /** Gives the name where there is no title. */
  readonly firstMessage?: string | undefined
  readonly mode?: Conversation['mode'] | undefined
  readonly documentIds?: readonly string[] | undefined
}

/** A conversation of the caller in which nothing has been said yet. */
export const newConversation = (caller: Caller, input: NewConversation, now: number): Conversation => ({
  tenantId: caller.tenantId,
  id: input.id ?? newId('c'),
  ownerId: caller.subject,
  title: titleFrom(input.title ?? input.firstMessage),
  titleBy: input.title === undefined ? 'first-message' : 'person',
  mode: input.mode ?? 'open',
  documentIds: input.documentIds ?? [],
  createdAt: now,
  updatedAt: now,
  headId: null,
})

export const createdEvent = ({ tenantId, id, ownerId, createdAt }: Conversation): DomainEvent => ({
  tenantId,
  type: 'conversation.created',
  subjectId: id,
  actor: ownerId,
  at: createdAt,
  data: {},
})
