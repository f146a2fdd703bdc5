import type { SendMessageRequest } from '../protocol/index.js'
import type { Release } from '../platform/platform.js'
import type { RunEndState } from '../run/run-progress.js'
import type { ChatMessage } from '../messages/message.js'

/**
 * Keeps the tabs of one browser in step. Every tab that shows a conversation has the same turns; whoever holds the lock
 * of the conversation drives one of them, and the others wait for the lock and live on what the driver tells. So one
 * answer streams at a time, wherever the questions were asked. When the driver dies, the browser hands the lock to the
 * next, which reads on where the talk broke off.
 */
export interface Tabs {
  /**
   * Runs `task` as the one driver of `name`, now or when the present driver is done or dead.
   * @throws the signal's reason when aborted while waiting; else what `task` throws
   */
  lead<T>(name: string, signal: AbortSignal, task: () => Promise<T>): Promise<T>
  /** Tells every other tab. Nobody listening is no error. */
  tell(news: TabNews): void
  /** Hears what other tabs tell; never what this one told. */
  listen(listener: (news: TabNews) => void): Release
  /** Lets go of what it holds. Whatever is told from then on reaches nobody. */
  close(): void
}

/** Must be structured-cloneable: an error travels as part of its message's status only. */
export type TabNews =
  /** A question was asked. Enough to show it, and to drive it should the asking tab die. */
  | {
      readonly type: 'asked'
      readonly conversationId: string
      readonly question: TabMessage
      readonly answer: TabMessage
      readonly body: SendMessageRequest & { readonly run_id: string }
    }
  /** Text arrived, and where it stands. */
  | {
      readonly type: 'progress'
      readonly runId: string
      /** Sequence number of the newest event whose text this holds. */
      readonly seq: number
      /** UTF-16 code units that stand before `text`. */
      readonly from: number
      readonly text: string
      readonly end: RunEndState | null
    }
  /** The teller follows this run, or has missed some of it; its driver answers with `progress` from 0. */
  | { readonly type: 'missed'; readonly runId: string }
  | { readonly type: 'stop'; readonly runId: string }
  | { readonly type: 'removed'; readonly conversationId: string }
  /** Whoever had this session has left. */
  | { readonly type: 'signed-out'; readonly visitorId: string }

/** A message without its error, which is an object of a class and would lose it on the way. */
export type TabMessage = Omit<ChatMessage, 'error'>

export const toTabMessage = ({ error: _error, ...message }: ChatMessage): TabMessage => message
