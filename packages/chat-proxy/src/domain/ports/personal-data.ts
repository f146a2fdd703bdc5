import type { Caller } from '../caller.js'
import type { Conversation } from '../conversation.js'
import type { DomainEvent } from '../domain-event.js'
import type { Spend } from '../ledger.js'
import type { Message } from '../message.js'
import type { RunRef } from '../run.js'
import type { SpanKind } from '../spans.js'
import type { Owner } from './conversation-repository.js'

/** A conversation as its owner may take it along: also a deleted one, as long as it is kept. */
export interface KeptConversation extends Conversation {
  readonly deletedAt: number | null
}

/** What was counted of somebody in one day or month. */
export interface CountedUse {
  readonly span: SpanKind
  readonly startsAt: number
  readonly endsAt: number
  /** Money is `null` when a model answered whose price nobody said. */
  readonly used: Omit<Spend, 'money'> & { readonly money: number | null }
}

/** What one step of taking away did. */
export interface Forgotten {
  readonly conversations: number
  readonly messages: number
  /** Their logs may still hold what was said. */
  readonly runs: readonly RunRef[]
  /** Nothing is left. `false`: there was more than one step takes, or an answer that is still being ended. */
  readonly isComplete: boolean
}

/**
 * Whether the name of somebody still stands somewhere: `done`: nowhere; `more`: there are more events; `waiting`: something is
 * under way, for seconds or a minute, that will be recorded under it, or that a limit is counted by.
 */
export type Anonymised = 'done' | 'more' | 'waiting'

/** A wish to be forgotten that has not been seen to its end. */
export interface OpenErasure extends Owner {
  /** Stands for the owner in everything that is kept, and names this erasure. */
  readonly pseudonym: string
  readonly requestedAt: number
}

/**
 * What is kept about a person, for them to take along or to have forgotten. Adapters pass `personalDataSuite`.
 * All methods throw DomainError `store-unavailable`.
 */
export interface PersonalData {
  /** The owner's conversations in the order in which they were begun, after `after`, at most `limit`. */
  conversations(
    owner: Owner,
    after: Pick<Conversation, 'createdAt' | 'id'> | null,
    limit: number,
  ): Promise<readonly KeptConversation[]>
  /** All messages of such a conversation, of all branches, in the order in which they were stored; skips the first `skip`. */
  messages(
    owner: Owner,
    conversationId: string,
    options: { readonly skip: number; readonly limit: number },
  ): Promise<readonly Message[]>
  /** What was counted of the owner, the newest first. */
  use(owner: Owner): Promise<readonly CountedUse[]>
  /** What will stand for the caller: for a visitor always the same, for a user of the site each time a new one. */
  pseudonymOf(caller: Caller): string
  /** Whether this visitor was ever forgotten. Never true of a user, who may begin anew. */
  isForgotten(caller: Caller): Promise<boolean>
  /**
   * From when it resolves, nothing that the caller said can be found or restored. A visitor can add nothing any more; a user
   * may begin anew. One transaction, with the event.
   * @returns the runs of the caller that have not ended
   */
  beginErasure(caller: Caller, pseudonym: string, event: DomainEvent): Promise<readonly RunRef[]>
  /** Those that were begun and not completed, as after a crash; 100 at most, the oldest first. */
  openErasures(): Promise<readonly OpenErasure[]>
  /**
   * Takes away for good at most `limit` messages of what `beginErasure` made unfindable, with all that hangs on them, in one
   * transaction. Answers that are still being made stay until they have ended.
   * @param at the time of the events
   */
  forget(erasure: OpenErasure, limit: number, at: number): Promise<Forgotten>
  /**
   * Puts the pseudonym in the place of the owner, and of the visitor they were before they signed in, wherever totals and
   * records stay: in the ledger, and in at most `limit` events.
   */
  anonymise(erasure: OpenErasure, limit: number): Promise<Anonymised>
  /** Forgets the owner's name, too, with the event that proves it. @returns false, and no event, when that was done before */
  completeErasure(erasure: OpenErasure, event: DomainEvent): Promise<boolean>
}
