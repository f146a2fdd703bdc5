import type {
  ConversationDetail,
  ConversationPage,
  RunDetail,
  SendMessageRequest,
  SendMessageResponse,
  StartResponse,
  WireConversation,
  WireRun,
} from '../protocol/index.js'

/** The way to the other side. Every method rejects with a `ChatError` and nothing else; none retries by itself. */
export interface ChatTransport {
  /** Starts a session, or renews the one that `token` names. */
  start(token: string | null, signal: AbortSignal): Promise<StartResponse>
  /** Sends a question and reads its answer until the connection ends. Repeating it with one `run_id` is harmless. */
  send(call: Authorized, send: SendCall, sink: RunSink): Promise<void>
  /** Keeping conversations, resuming and stopping; `null` when the other side only knows single answers. */
  readonly server: ServerTransport | null
}

/** What a Colloquy proxy can do beyond answering once. */
export interface ServerTransport {
  /** Reads a run's events after sequence number `after`, then live ones, until the connection ends. */
  resume(
    call: Authorized,
    run: { runId: string; after: number; mode: ReadMode },
    sink: RunSink,
  ): Promise<void>
  /** The same send, answered once as JSON when the run has ended. */
  sendForResult(call: Authorized, send: SendCall): Promise<SendMessageResponse>
  getRun(call: Authorized, runId: string, waitSeconds: number): Promise<RunDetail>
  stop(call: Authorized, runId: string): Promise<WireRun>
  /** Makes the conversation, or finds the one with this id. */
  createConversation(
    call: Authorized,
    conversation: { id: string; title?: string },
  ): Promise<WireConversation>
  getConversation(call: Authorized, id: string, before?: string): Promise<ConversationDetail>
  listConversations(call: Authorized, page: number): Promise<ConversationPage>
  deleteConversation(call: Authorized, id: string): Promise<void>
}

/** What every call needs: who asks, and the way to give up. */
export interface Authorized {
  readonly token: string
  readonly signal: AbortSignal
}

/** How a run is read: events as they come, or with 2 KB ahead for proxies that hold back small answers. */
export type ReadMode = 'stream' | 'padded'

export interface SendCall {
  readonly conversationId: string
  readonly body: SendMessageRequest & { readonly run_id: string }
  readonly mode: ReadMode
  /** The branch so far, oldest first, question included: for endpoints that keep no conversation. */
  readonly history: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[]
}

export interface RunSink {
  /** Any sign of life, heartbeats included. */
  onBytes(): void
  /**
   * One event of the run.
   * @param seq its number in the log; `null` when the other side does not number
   * @param data the event's data, JSON or `[DONE]`
   */
  onEvent(seq: number | null, data: string): void
}
