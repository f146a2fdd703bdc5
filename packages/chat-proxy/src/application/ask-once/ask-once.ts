import type { Caller } from '../../domain/caller.js'
import type { Message } from '../../domain/message.js'
import type { CreateConversation } from '../create-conversation/create-conversation.js'
import type { SendMessage } from '../send-message/send-message.js'
import { deriveId, newId } from '../shared/ids.js'
import type { Settings } from '../shared/settings.js'
import { messageText } from '../shared/text.js'
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
  readonly createConversation: CreateConversation
  readonly sendMessage: SendMessage
  readonly waitForRun: WaitForRun
  readonly settings: Settings
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
    const { sendMessage, waitForRun, settings } = this.#deps
    const content = messageText(input.message, settings.maxMessageChars)
    const runId = input.runId ?? newId('r')
    const permit = await sendMessage.permit(
      caller,
      runId,
      input.conversationId === undefined ? content : null,
    )
    const conversationId = input.conversationId ?? (await this.#open(caller, runId))
    const { run } = await sendMessage.execute(caller, { conversationId, content, runId }, permit)
    const { message } = await waitForRun.of(caller, run, input.signal)
    const failure = failureOfAnswer(message)
    if (failure) throw failure
    return message
  }

  /** Named after the run and the caller, so that a repeated call finds it, and nobody else has it. */
  async #open(caller: Caller, runId: string): Promise<string> {
    const id = deriveId('c', caller.subject, runId)
    await this.#deps.createConversation.execute(caller, { id })
    return id
  }
}
