import type { ChatError } from '../errors/chat-error.js'
import type { ConversationSummary } from '../messages/conversation.js'
import type { Outbox } from '../outbox/outbox.js'
import type { ChatStorage } from '../persistence/storage.js'
import type { Platform } from '../platform/platform.js'
import type { RunPolicy } from '../run/run-policy.js'
import type { Session } from '../session/session.js'
import type { Store } from '../store/store.js'
import type { Tabs } from '../tabs/tabs.js'
import type { ChatTransport } from '../transport/chat-transport.js'
import type { ChatSnapshot } from './chat-client.js'
import type { ConversationState } from './conversation-state.js'

/** What the parts of one client share. */
export interface ClientContext {
  readonly transport: ChatTransport
  readonly storage: ChatStorage
  readonly platform: Platform
  readonly session: Session
  readonly store: Store<ChatSnapshot>
  readonly state: ClientState
  readonly tabs: Tabs
  readonly outbox: Outbox
  readonly policy: () => RunPolicy
  /** Aborts when the client is destroyed. */
  readonly signal: AbortSignal
  /** Where the wire is spoken to; what was learned about it is remembered under this name. */
  readonly origin: string
}

/** The mutable truth behind the snapshot. */
export interface ClientState {
  /** The open conversation; `null` for a new one without messages. */
  open: ConversationState | null
  /** Conversations with something under way, and the open one. */
  readonly held: Map<string, ConversationState>
  conversations: readonly ConversationSummary[]
  /** How many loads are under way. */
  loads: number
  error: ChatError | null
}

/** A time that never stands still, so that what was made later also sorts later. */
export function ticker(now: () => number): () => number {
  let last = 0
  return () => (last = Math.max(now(), last + 1))
}
