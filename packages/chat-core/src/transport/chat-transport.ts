import type { SendMessageRequest, StartResponse } from '../protocol/index.js'

/** The way to the other side. Every method rejects with a `ChatError` and nothing else; none retries by itself. */
export interface ChatTransport {
  /** Names the other side; what is learned about it is remembered under this name. */
  readonly origin: string
  /**
   * Starts a session, renews the one that `token` names, or begins that of the user whom it proves.
   * @param visitorToken the session whose conversations become the user's
   */
  start(token: string | null, signal: AbortSignal, visitorToken?: string | null): Promise<StartResponse>
  /** Sends a question and reads its answer until the connection ends. Repeating it with one `run_id` is harmless. */
  send(call: Authorized, send: SendCall, sink: RunSink): Promise<void>
  /** Keeping conversations, resuming and stopping; `null` when the other side only knows single answers. */
  readonly server: ServerTransport | null
}

/** What a Colloquy proxy can do beyond answering once. */
export interface ServerTransport {
  /** Reads a run's events after sequence number `after`, then live ones, until the connection ends. */
  resume(call: Authorized, run: ReadCall, sink: RunSink): Promise<void>
  /**
   * One call of the REST contract. @param path below `/api/v1`
   * @returns the answer's JSON, `undefined` where the contract has none
   */
  request<T>(call: Authorized, method: Method, path: string, body?: object): Promise<T>
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** What every call needs: who asks, and the way to give up. */
export interface Authorized {
  readonly token: string
  readonly signal: AbortSignal
}

export interface ReadCall {
  readonly runId: string
  /** Sequence number of the last event that is known; 0 for none. */
  readonly after: number
  /** 2 KB ahead of the events, for proxies that hold back small answers. */
  readonly padded: boolean
}

export interface SendCall {
  readonly conversationId: string
  readonly body: SendMessageRequest & { readonly run_id: string }
  readonly padded: boolean
  /** The branch so far, oldest first, question included: for endpoints that keep no conversation. */
  readonly history: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[]
}

export interface RunSink {
  /** Any sign of life, heartbeats included. */
  readonly onBytes: () => void
  /**
   * One event of the run.
   * @param seq its number in the log, counted from 1
   * @param data a `chat.completion.chunk` as JSON, the last with the run's status; or `[DONE]`
   */
  readonly onEvent: (seq: number, data: string) => void
}
