import type { ChatError } from '../errors/chat-error.js'
import type { SendMessageRequest } from '../protocol/index.js'
import { newProgress, type RunProgress } from '../run/run-progress.js'

/** One question and the run that answers it. Lives from the send (or the attach) to the terminal event. */
export interface Turn {
  readonly runId: string
  readonly conversationId: string
  /** Its answer, in the conversation's tree. */
  answerId: string
  /** Its question; `null` for a run that was found on the server. */
  readonly questionId: string | null
  /** What is sent; `null` for a run that was found on the server. */
  readonly body: (SendMessageRequest & { readonly run_id: string }) | null
  readonly progress: RunProgress
  /** Somebody here asked for the end. */
  readonly stop: AbortController
  /** The line is broken or silent; being resumed. */
  trouble: ChatError | null
  /** Signs of life came, but no event for `policy.stillWorkingAfter`. */
  isSlow: boolean
}

/** What names a turn; everything else begins the same for all. */
export type TurnSeed = Pick<Turn, 'runId' | 'conversationId' | 'answerId' | 'questionId' | 'body'>

export const newTurn = (seed: TurnSeed): Turn => ({
  ...seed,
  progress: newProgress(seed.runId),
  stop: new AbortController(),
  trouble: null,
  isSlow: false,
})
