import type { DomainEvent } from '../domain-event.js'
import type { Message } from '../message.js'
import type { Run, RunEnd, RunRef } from '../run.js'
import type { Owner } from './conversation-repository.js'

export interface Admission {
  readonly run: Run
  /** `null` when an existing question is answered again (`regenerate`). */
  readonly userMessage: Message | null
  readonly message: Message
  readonly event: DomainEvent
}

/** Runs, in the same database as the messages they make. Adapters pass `runRepositorySuite`. */
export interface RunRepository {
  /**
   * Claims the run id and stores the run, its messages and its event, and moves the conversation's head and
   * `updatedAt`: one transaction, durable when it resolves. The claim is the first write, so of any number of parallel
   * calls with one id, in any number of processes, exactly one is `admitted`.
   * @throws DomainError `id-already-used` when a message id is taken, `conversation-not-found` when the conversation is gone.
   */
  admit(admission: Admission): Promise<{ outcome: 'admitted' } | { outcome: 'exists'; run: Run }>
  find(owner: Owner, runId: string): Promise<Run | null>
  /** The newest run of the conversation that has not ended. */
  findActive(owner: Owner, conversationId: string): Promise<Run | null>
  /** Saves the text so far and the newest sequence number, and makes a `queued` run `streaming`; no-op after the end. */
  checkpoint(run: RunRef, progress: { content: string; lastSeq: number; model: string }): Promise<void>
  /** Writes the end, on run and message, with its event; durable when it resolves. @returns false when it had ended already. */
  end(run: RunRef, end: RunEnd, event: DomainEvent): Promise<boolean>
  /** Runs without an end that no living process generates; called at start. */
  findOrphans(): Promise<readonly Run[]>
}
