import type { FinishReason, RunError, TerminalRunStatus, Usage } from '@colloquy/chat-core/protocol'

/**
 * What stands in a run's log, in this order: `opened`, `text-start`, any number of `text-delta`, `text-end` (only when
 * the answer has an end of its own), `ended`, `closed`. Each is exactly one SSE event in every stream format.
 */
export type RunEvent =
  /** The run was admitted. */
  | { readonly type: 'opened'; readonly model: string }
  /** Tells every id, so that a reader can attach, stop and look up. */
  | {
      readonly type: 'text-start'
      readonly conversationId: string
      readonly userMessageId: string
      readonly messageId: string
      readonly title: string
    }
  /** Text to append to the answer, never empty. */
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'text-end'; readonly finishReason: FinishReason }
  /** The terminal event: after it nothing about the run changes. */
  | {
      readonly type: 'ended'
      readonly status: TerminalRunStatus
      readonly usage: Usage | null
      readonly error: RunError | null
    }
  /** The log is complete. Written together with `ended`. */
  | { readonly type: 'closed' }

/** An event with its place in the log; the first has 1 and there are no gaps. */
export interface LoggedEvent {
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly event: RunEvent
}
