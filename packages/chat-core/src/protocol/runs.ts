/**
 * `queued → streaming → completed | stopped | interrupted | failed | blocked`.
 *
 * - `completed`: the model finished.
 * - `stopped`: somebody entitled asked for the end, or nobody read the answer any more; the partial text is kept.
 * - `interrupted`: the process that generated died; the partial text is kept.
 * - `failed`: the model or the way to it failed; `error` on the run says how.
 * - `blocked`: a policy refused the question or the answer.
 */
export type RunStatus = 'queued' | 'streaming' | TerminalRunStatus
export type TerminalRunStatus = 'completed' | 'stopped' | 'interrupted' | 'failed' | 'blocked'

/** Why a run did not complete, in the same shape on the stream and in JSON. */
export interface RunError {
  /**
   * - `upstream_unavailable`: no provider could be reached or all refused before the first delta.
   * - `upstream_timeout_connect`: no provider took the connection in time; no model ran.
   * - `upstream_timeout_first_token`: the provider did not begin to answer in time; the model may have run.
   * - `upstream_timeout_between_tokens`: the provider fell silent in the middle of the answer.
   * - `upstream_rejected`: the provider refused the request itself (bad key, bad model, content too long).
   * - `upstream_broken`: the connection ended in mid-answer, or the provider reported an error in the stream.
   * - `interrupted`: the generating process died.
   * - `overloaded`: it had to wait, and somebody of a higher tier needed the room.
   * - `chat_disabled`: the operator switched the chat, or the model, off.
   * - `policy`: blocked by a rule of the operator.
   * - `internal`: a fault of the proxy.
   */
  code: RunErrorCode
  /** One sentence for a person, safe to show; never the provider's own words. */
  message: string
  /** True when sending the question again, as a new run, may succeed. */
  retryable: boolean
  /** Seconds from the run's end until that makes sense; left out where nobody knows. */
  retry_after?: number
}

export type RunErrorCode =
  | 'upstream_unavailable'
  | 'upstream_timeout_connect'
  | 'upstream_timeout_first_token'
  | 'upstream_timeout_between_tokens'
  | 'upstream_rejected'
  | 'upstream_broken'
  | 'interrupted'
  | 'overloaded'
  | 'chat_disabled'
  | 'policy'
  | 'internal'

/** Tokens as the provider counted them. */
export interface Usage {
  /** Tokens of what the model was shown. */
  prompt_tokens: number
  /** Tokens of what it made, reasoning included. */
  completion_tokens: number
  /** The provider's sum. */
  total_tokens: number
}

/** Answer of `GET /runs/{run_id}` and of `POST /runs/{run_id}/stop`. */
export interface WireRun {
  id: string
  conversation_id: string
  user_message_id: string
  message_id: string
  status: RunStatus
  model: string | null
  usage: Usage | null
  error: RunError | null
  /** ISO 8601. */
  created_at: string
  /** ISO 8601; `null` while it goes on. */
  ended_at: string | null
  /** `<run_id>.<seq>` of the newest event; read on from here with `/events?after=`. */
  cursor: string
}
