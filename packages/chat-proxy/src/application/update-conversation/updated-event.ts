import type { Caller } from '../../domain/caller.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import type { ConversationChange } from '../../domain/ports/index.js'

/** Which fields changed, without what is in them. */
export const updatedEvent = (
  caller: Caller,
  conversationId: string,
  { title, mode, documentIds }: ConversationChange,
  at: number,
): DomainEvent => ({
  tenantId: caller.tenantId,
  type: 'conversation.updated',
  subjectId: conversationId,
  actor: caller.subject,
  at,
  data: {
    ...(title !== undefined && { title: true }),
    ...(mode !== undefined && { mode }),
    ...(documentIds !== undefined && { documents: documentIds.length }),
  },
})
