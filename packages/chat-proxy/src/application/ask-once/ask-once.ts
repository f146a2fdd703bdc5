import type { Caller } from '../../domain/caller.js'
import type { Message } from '../../domain/message.js'
import type { Clock } from '../../domain/ports/index.js'
import type { SendMessage } from '../send-message/send-message.js'
import { deriveId, newId } from '../shared/ids.js'
import { newConversation } from '../shared/new-conversation.js'
import type { WaitForRun } from '../wait-for-run/wait-for-run.js'
import { failureOfAnswer } from './failure-of-answer.js'

export interface AskOnceInput {
  readonly message: string
  /** Left out: a new conversation. */
  readonly conversationId: string | undefined
  /** Made by the client: the same request again asks nothing again. */
  readonly runId: string | undefined
  /** The asker went away. The run goes on. */
  readonly signal: AbortSignal
}

export interface AskOnceDeps {
  readonly sendMessage: SendMessage
  readonly waitForRun: WaitForRun
  readonly clock: Clock
}

/** One question, one answer when it is whole: a run like any other, for clients that want no more than its text. */
export class AskOnce {
  readonly #deps: AskOnceDeps

  constructor(deps: AskOnceDeps) {
    this.#deps = deps
  }

  /**
   * @returns the answer, `completed`, or `stopped` with the text until then
   * @throws DomainError whatever `SendMessage` refuses, and for an answer that failed what kept it from being made
   */
  async execute(caller: Caller, input: AskOnceInput): Promise<Message> {
    const { sendMessage, waitForRun, clock } = this.#deps
    const { message: content, runId = newId('r') } = input
    const { conversationId = ownConversation(caller, runId) } = input
    const opening = newConversation(caller, { id: conversationId, firstMessage: content }, clock.now())
    const { run } = await sendMessage.execute(
      caller,
      { conversationId, content, runId },
      input.conversationId === undefined ? { opening } : {},
    )
    const { message } = await waitForRun.of(caller, run, input.signal)
    const failure = failureOfAnswer(message)
    if (failure) throw failure
    return message
  }
}

/** Named after the run and the caller, so that a repeated call finds it, and nobody else has it. */
const ownConversation = ({ subject }: Caller, runId: string): string => deriveId('c', subject, runId)
