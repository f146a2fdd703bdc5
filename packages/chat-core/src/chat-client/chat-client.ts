import type { Features, Limits } from '../protocol/index.js'
import type { ChatError } from '../errors/chat-error.js'
import type { ConversationSummary } from '../messages/conversation.js'
import type { ChatMessage } from '../messages/message.js'

/** What the server said when the session started. */
export interface SessionInfo {
  readonly visitorId: string
  readonly tenant: string
  readonly greeting: string
  readonly suggestions: readonly string[]
  readonly features: Features
  readonly limits: Limits
}

/**
 * - `idle`: nothing under way.
 * - `sending`: a question is on its way; no event of the answer came yet.
 * - `streaming`: the answer is arriving.
 * - `reconnecting`: the line dropped in mid-answer and is being resumed.
 */
export type ChatPhase = 'idle' | 'sending' | 'streaming' | 'reconnecting'

/** The whole state, immutable. The same reference as long as nothing changed. */
export interface ChatSnapshot {
  readonly phase: ChatPhase
  /** `null` until the session started (or was restored from storage). */
  readonly session: SessionInfo | null
  /** The open conversation; `null` for a new one that has no message yet. */
  readonly conversationId: string | null
  /** The open branch of the open conversation, first to last. */
  readonly messages: readonly ChatMessage[]
  /** The caller's conversations, newest first, as far as the part that keeps them has loaded them. */
  readonly conversations: readonly ConversationSummary[]
  /** True while older or stored messages are being fetched. */
  readonly loading: boolean
  readonly online: boolean
  /** The connection lives, but no word came for a while: the model is still working. */
  readonly stillWorking: boolean
  /** Too many ask at once, and the answer waits for its turn: 1 for the next. `null` when it does not wait. */
  readonly queuePlace: number | null
  /** The last failure that concerns the open conversation or the session; cleared by the next success. */
  readonly error: ChatError | null
}

/** How a run ended, seen from this client. */
export interface RunOutcome {
  readonly status: 'done' | 'stopped' | 'interrupted' | 'failed' | 'blocked'
  readonly message: ChatMessage
  readonly error: ChatError | null
}

/** A chat, without its parts; `createChatClient` returns it together with them. */
export interface ChatClient {
  /** The current state; cheap, and stable between changes (fits `useSyncExternalStore`). */
  getSnapshot(): ChatSnapshot
  /** Calls `listener` after changes, at most once per frame. Returns the way to unsubscribe. */
  subscribe(listener: () => void): () => void
  /**
   * Starts or renews the session, and has the parts take up what an earlier page left. What is sent or stopped from then on waits until it
   * is known which conversation is open. Without it, `send` begins the session, in a new conversation. Never rejects: a failure is
   * `snapshot.error`, and the next wake of the page starts anew.
   */
  start(): Promise<void>
  /**
   * Sends a question in the open conversation (making one if there is none). Resolves when the answer has
   * ended, however it ended; never rejects for anything the network or server does.
   * @throws ChatError before anything is sent: `too_long`, `protocol` (no text, or an empty one), or `aborted` when who asked has signed out
   * meanwhile
   */
  send(content: string): Promise<RunOutcome>
  /**
   * Stops, on the server, the answer under way, those that wait, and those that contact was lost with. Resolves when they have ended; or when
   * the server could not be told, which `snapshot.error` says: then the next wake of the page tries again, as does another `stop()`.
   */
  stop(): Promise<void>
  /**
   * Asks the question of the failed, interrupted or stopped answer `messageId` again, as a new run; or reads on, where the run
   * went on without us. Resolves as `send` does.
   * @throws ChatError `protocol` when the open conversation has no such answer
   */
  retry(messageId: string): Promise<RunOutcome>
  /** Shows an empty conversation; the server learns of it with the first message. */
  newConversation(): void
  /** Ends the session on this device; parts wipe what they keep. */
  signOut(): Promise<void>
  /** Lets go of every connection, timer and listener. Runs go on on the server. */
  destroy(): void
}
