import type { ChatError } from '../errors/chat-error.js'
import type { SendMessageRequest } from '../protocol/index.js'
import { newProgress, type RunProgress } from '../run/run-progress.js'

/** One question and the run that answers it. Lives from the send (or the attach) to the terminal event. */
export interface Turn {
  readonly runId: string
  /** Its answer, in the conversation's tree. */
  readonly answerId: string
  /** Its question; `null` for a run that was found on the server. */
  readonly questionId: string | null
  /** What is sent; `null` for a run that was found on the server. */
  readonly body: TurnBody | null
  readonly progress: RunProgress
  /** Somebody here asked for the end. */
  readonly stop: AbortController
  /** The server is being told of that; resolves to why it could not be told. */
  stopping?: Promise<ChatError | null> | null
  /** The line is broken or silent; being resumed. */
  trouble: ChatError | null
  /** Signs of life came, but no event for `policy.stillWorkingAfter`. */
  isSlow: boolean
}

export type TurnBody = SendMessageRequest & { readonly run_id: string }

/** The question says where in the conversation it stands; any other follows the newest message that the server has. */
export const isPlaced = (body: TurnBody | null): boolean =>
  (body?.parent_id ?? body?.edit ?? body?.regenerate) !== undefined

export const newTurn = (
  runId: string,
  answerId: string,
  questionId: string | null,
  body: TurnBody | null,
): Turn => ({
  runId,
  answerId,
  questionId,
  body,
  progress: newProgress(runId),
  stop: new AbortController(),
  trouble: null,
  isSlow: false,
})
