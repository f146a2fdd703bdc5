/**
 * A change of state as one row of the append-only `events` table, written in the same transaction as the change.
 * Webhooks, analytics, audit and erasure proofs read these rows with a cursor; nothing subscribes by being called.
 */
export interface DomainEvent {
  readonly tenantId: string
  readonly type: DomainEventType
  /** Id of what changed. */
  readonly subjectId: string
  /** `Caller.subject` of who did it, or `system`. */
  readonly actor: string
  readonly at: number
  /** Ids, statuses and counts; never content. */
  readonly data: Readonly<Record<string, string | number | boolean | null>>
}

/** Starting a session is none: it signs a token and changes nothing. */
export type DomainEventType =
  | 'conversation.created'
  | 'conversation.updated'
  | 'conversation.deleted'
  /** A visitor turned out to be a user, and what was the visitor's is the user's now. */
  | 'conversation.joined'
  | 'run.admitted'
  | 'run.ended'
  | 'run.stop-requested'
  | 'completion.ended'
  | 'budget.warned'
