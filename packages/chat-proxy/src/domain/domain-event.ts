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
  | 'conversation.restored'
  /** Gone for good; by `system`, when the time to restore it was over or its owner wished to be forgotten. */
  | 'conversation.purged'
  | 'conversation.summarised'
  | 'message.rated'
  /** Somebody wishes to be forgotten; their conversations cannot be found from here on. */
  | 'erasure.requested'
  /** Nothing of them is left. The proof: it names them by a digest alone. */
  | 'erasure.completed'
  /** A call of the model beside the answers, for a title or a summary, with what it cost. */
  | 'side-call.ended'
  | 'run.admitted'
  | 'run.ended'
  | 'run.stop-requested'
  | 'completion.ended'
  | 'budget.warned'
  /** By the operator; `data.fields` names what was changed. */
  | 'tenant.saved'
  | 'tenant.deleted'
  /** By the operator: the installation, a tenant or a model is off, or on again. */
  | 'kill-switch.turned'
