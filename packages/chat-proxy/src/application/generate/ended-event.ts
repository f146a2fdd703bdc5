import type { DomainEvent } from '../../domain/domain-event.js'
import type { Run, RunEnd } from '../../domain/run.js'

/** The row of the `events` table for the end of a run. */
export const endedEvent = (run: Run, end: RunEnd, actor: string): DomainEvent => ({
  tenantId: run.tenantId,
  type: 'run.ended',
  subjectId: run.id,
  actor,
  at: end.endedAt,
  data: {
    conversationId: run.conversationId,
    status: end.status,
    error: end.error?.code ?? null,
    chars: end.content.length,
    totalTokens: end.usage?.total_tokens ?? null,
  },
})
