import type { FinishReason, RunError, TerminalRunStatus, Usage } from '@colloquy/chat-core/protocol'

/**
 * What stands in a run's log, in this order: `opened`, `identified`, any number of `queued`, what the model sends, `ended`, `closed`. What the model
 * sends is any number of `reasoning-start`, `reasoning-delta`, `reasoning-end`, and one `text-start`, `text-delta`,
 * `text-end`; the parts are left open when the answer has no end of its own. Each is exactly one SSE event in every stream
 * format.
 */
export type RunEvent =
  /** The run was admitted. */
  | { readonly type: 'opened'; readonly model: string }
  /** Tells every id, so that a reader can attach, stop and look up. */
  | {
      readonly type: 'identified'
      readonly conversationId: string
      readonly userMessageId: string
      readonly messageId: string
      readonly title: string
    }
  /** It waits: its place in the queue, 1 for the next. 0: its turn has come. */
  | { readonly type: 'queued'; readonly position: number }
  /** The model begins to think, perhaps once more. */
  | { readonly type: 'reasoning-start' }
  /** Thoughts to append, never empty. They are no part of the answer and are kept nowhere but in the log. */
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'reasoning-end' }
  /** The first text follows. */
  | { readonly type: 'text-start' }
  /** Text to append to the answer, never empty. */
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'text-end'; readonly finishReason: FinishReason }
  /** The terminal event: after it nothing about the run changes. */
  | {
      readonly type: 'ended'
      readonly status: TerminalRunStatus
      readonly usage: Usage | null
      readonly error: RunError | null
      /** That of `text-end` once more, for formats that tell it last. */
      readonly finishReason?: FinishReason
    }
  /** The log is complete. Written together with `ended`. */
  | { readonly type: 'closed' }

/** An event with its place in the log; the first has 1 and there are no gaps. */
export interface LoggedEvent {
  readonly seq: number
  readonly event: RunEvent
}
