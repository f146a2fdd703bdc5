import type { Conversation } from '../conversation.js'
import type { DomainEvent } from '../domain-event.js'
import type { Reservation } from '../ledger.js'
import type { Message } from '../message.js'
import type { Run, RunEnd, RunRef } from '../run.js'
import type { OpenAttempt, RunAttempt } from '../run-attempt.js'
import type { Owner } from './conversation-repository.js'

export interface Admission {
  readonly run: Run
  /** The conversation, where its first question opens it; `null`: it is there. */
  readonly opening: Opening | null
  /** `null` when an existing question is answered again (`regenerate`). */
  readonly userMessage: Message | null
  readonly message: Message
  readonly event: DomainEvent
  /** For a conversation that was opened without a name; `null`, and when it has got one since: it keeps what it has. */
  readonly naming: Naming | null
  /** What the answer may cost at most; settled when the run ends, however it ends. */
  readonly reservation: Reservation
}

/** A conversation that is stored with its first question, unless there is one of its id. */
export interface Opening {
  readonly conversation: Conversation
  readonly event: DomainEvent
}

/** The name that a conversation gets with its first question. */
export interface Naming {
  readonly title: string
  readonly event: DomainEvent
}

export type AdmissionResult =
  | {
      readonly outcome: 'admitted'
      /** A budget that the answer counts on is nearly spent. */
      readonly isNearlySpent: boolean
      /** The conversation was opened by it; false when it was there. */
      readonly hasOpened: boolean
    }
  | { readonly outcome: 'exists'; readonly run: Run }

/** How far a run has come. */
export interface RunProgress {
  readonly content: string
  readonly lastSeq: number
  readonly model: string
  /** Every call of a provider so far. */
  readonly attempts: readonly (RunAttempt | OpenAttempt)[]
}

/** What is to be saved of a run. */
export interface RunUpdate {
  readonly run: RunRef
  readonly progress: RunProgress
}

/** Nothing was saved of it. */
export interface UnsavedRun {
  readonly run: RunRef
  readonly error: unknown
}

/** What becomes of the lease of a run that ends. */
export type EndedLease = 'kept' | 'given up'

/**
 * Runs, in the same database as the messages they make. Each repository speaks for one process, which holds a lease on
 * every run that it generates and renews it all the time; when a lease runs out, its process is taken for dead and any other
 * may end the run, unless the store can tell that the process is there and only slow. All leases are measured by one clock.
 * Adapters pass `runRepositorySuite`.
 */
export interface RunRepository {
  /**
   * Claims the run id, sets its worst case aside, stores the run, its messages and its event, moves the conversation's
   * head and `updatedAt`, and names it: one transaction, durable when it resolves. The claim is the first write, so of any number of parallel
   * calls with one id, in any number of processes, exactly one is `admitted`, and its process has the lease.
   * @throws DomainError `id-already-used` when a message id is taken, `conversation-not-found` when the conversation is gone,
   *   `quota-exceeded` with the limit that leaves no room.
   */
  admit(admission: Admission): Promise<AdmissionResult>
  find(owner: Owner, runId: string): Promise<Run | null>
  /** As `find`, for whoever acknowledges the run by it: what is found is durable when it resolves. */
  findDurable(owner: Owner, runId: string): Promise<Run | null>
  /** The newest run of the conversation that has not ended. */
  findActive(owner: Owner, conversationId: string): Promise<Run | null>
  /**
   * Saves of each run the text so far, the calls of providers and the newest sequence number, makes a `queued` one `streaming`, and renews
   * its lease; no-op after the end and for a run that another process has.
   * @returns those that are at fault themselves; the others are saved
   */
  checkpoint(updates: readonly RunUpdate[]): Promise<readonly UnsavedRun[]>
  /**
   * Renews the leases of runs that this process generates, also of those that ran out and that nobody has ended yet.
   * @returns the runs that it still has; the others were ended by a process that took this one for dead
   */
  renew(runs: readonly RunRef[]): Promise<readonly RunRef[]>
  /**
   * Writes the end, on run and message, with its event, and settles what was set aside; durable when it resolves.
   * @param lease `kept`, the default: until `release`, since the log has yet to tell the end, and another process sees to it if this one dies
   * @returns false when it had ended already, or when another process has it and its lease has not run out
   */
  end(run: RunRef, end: RunEnd, event: DomainEvent, lease?: EndedLease): Promise<boolean>
  /** Gives up the leases of runs that have ended and whose logs are closed: there is nothing left to recover. */
  release(runs: readonly RunRef[]): Promise<void>
  /**
   * Runs whose lease ran out, 100 at most, without those of others of which the store knows that they are only slow, or does not know
   * whether they are there: first those without an end, then those whose end may be missing in their logs;
   * of each the one whose lease ran out first in front.
   */
  findOrphans(): Promise<readonly Run[]>
}
