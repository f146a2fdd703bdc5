import type { SendMessageRequest, StartResponse } from '../protocol/index.js'
import type { FoundRung } from '../run/ladder.js'
import type { ConversationState } from './conversation-state.js'
import type { Turn } from './turn.js'

/** The moments of a client's life that a part may take up. Each is called after the client itself has moved on. */
export interface Hooks {
  /**
   * The client starts, or starts anew after a failure, or needs a session and has none: take up what is kept on this device. Nothing may
   * be asked of the server here: as whom is known when all have answered.
   */
  restore?(): Promise<void>
  /** Ids of messages that an earlier page left on their way, and that this part has to be asked again. */
  awaited?(): Promise<readonly string[]>
  /** All parts have restored: now the server may be spoken to. */
  restored?(): Promise<void> | void
  /** What was under way on the server is being read on: now what never got there may follow. */
  caughtUp?(): Promise<void> | void
  /** The server began or renewed the session, or one was restored. */
  sessionChanged?(info: StartResponse): void
  /** Another conversation is open, or with `null` an empty page. */
  opened?(conversation: ConversationState | null): void
  /** What to send with a question that follows `parentId`, beside its text and ids. */
  fieldsFor?(conversation: ConversationState, parentId: string | null): Partial<SendMessageRequest>
  /** A question was asked. Its turn begins when all have answered. */
  asked?(conversation: ConversationState, turn: Turn): Promise<void> | void
  /** Stands around the reading of a run; calls `drive`, now or later, to have it read here. */
  around?(conversation: ConversationState, turn: Turn, drive: () => Promise<void>): Promise<void>
  /** The server has the question. Called again after trouble. */
  arrived?(conversation: ConversationState, turn: Turn): void
  /** An event came. Called for every one. */
  progressed?(turn: Turn): void
  /** A way of reading got through where the one before had not. */
  rungFound?(found: FoundRung): void
  /** A stop was asked for: of one turn, or of all that the conversation waits for, also of what no turn has yet. */
  stopping?(conversation: ConversationState, only?: Turn): void
  /** The turn has ended, however. The outcome is told when all have answered. */
  ended?(conversation: ConversationState, turn: Turn): Promise<void>
  /** A conversation was deleted here. */
  removed?(conversationId: string): void
  /**
   * Whoever was here has gone: nothing of theirs may stay on this device.
   * @param told as which visitor, where it was this tab that they left from
   */
  forgotten?(told?: string): Promise<void> | void
}
