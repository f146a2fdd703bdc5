import type { Caller } from '../../domain/caller.js'
import type { Message } from '../../domain/message.js'
import type { Clock, ConversationRepository, Owner, RunRepository } from '../../domain/ports/index.js'
import { isTerminal, type Run } from '../../domain/run.js'
import type { SendMessageInput } from '../send-message/input.js'
import type { SendMessage } from '../send-message/send-message.js'
import { requireConversation } from '../shared/find-owned.js'
import { newConversation } from '../shared/new-conversation.js'
import { ownerOf } from '../shared/owner.js'
import type { Settings } from '../shared/settings.js'
import { messageText } from '../shared/text.js'
import { firstRunId, nextRunId, storedId, type ChatMessage, type ChatTurn } from './chat-turn.js'

export interface AskInChatDeps {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly sendMessage: SendMessage
  readonly clock: Clock
  readonly settings: Settings
}

/**
 * A question of a client that keeps the conversation itself, sends all of it every time and knows neither runs nor
 * branches, such as the AI SDK's `useChat`. Its chat becomes a conversation, its list of messages a branch of it. The same
 * request again attaches to the run that it began.
 */
export class AskInChat {
  readonly #deps: AskInChatDeps

  constructor(deps: AskInChatDeps) {
    this.#deps = deps
  }

  /**
   * @throws DomainError `invalid-input`, `message-too-long`, `id-already-used` for a chat of somebody else,
   *   `rate-limited`, `shutting-down`
   */
  async execute(caller: Caller, turn: ChatTurn): Promise<Run> {
    const { runs, sendMessage, clock, settings } = this.#deps
    const { chatId, question } = turn
    messageText(question.text, settings.maxMessageChars)
    const owner = ownerOf(caller)
    const runId = firstRunId(chatId, question)
    const first = await runs.findDurable(owner, runId)
    if (first) return turn.again ? this.#askAgain(caller, turn, first) : first
    const permit = await sendMessage.permit(caller, runId)
    const place = await this.#placeOf(owner, turn)
    const request = { conversationId: chatId, content: question.text, runId, ...place }
    const opening = newConversation(caller, { id: chatId, firstMessage: question.text }, clock.now())
    const { run } = await sendMessage.execute(caller, request, { permit, opening })
    return run
  }

  /** A question whose id is known was changed by the client; the old one stays beside it. */
  async #placeOf(
    owner: Owner,
    { chatId, question, history }: ChatTurn,
  ): Promise<Pick<SendMessageInput, 'edit' | 'messageId' | 'parentId'>> {
    const id = storedId(chatId, question.id)
    if (await this.#messageIn(owner, chatId, id)) return { edit: id }
    return { messageId: id, parentId: history ? await this.#answerBefore(owner, chatId, history) : undefined }
  }

  /** The newest answer that the client and the store both know; `null`: the question is the first. */
  async #answerBefore(owner: Owner, chatId: string, history: readonly ChatMessage[]): Promise<string | null> {
    const { runs, settings } = this.#deps
    for (const message of history.slice(-settings.context.messages).toReversed()) {
      const answerId =
        message.role === 'assistant'
          ? (await this.#messageIn(owner, chatId, storedId(chatId, message.id)))?.id
          : // The client has not seen the answer; it may have lost its line at the first moment.
            (await runs.find(owner, firstRunId(chatId, message)))?.messageId
      if (answerId !== undefined) return answerId
    }
    return null
  }

  async #askAgain(caller: Caller, { chatId, again }: ChatTurn, first: Run): Promise<Run> {
    const owner = ownerOf(caller)
    const told = again?.answerId && (await this.#messageIn(owner, chatId, storedId(chatId, again.answerId)))
    const isAnswer = told && told.parentId === first.userMessageId
    const newest = isAnswer ? null : await this.#newestRun(caller, first)
    // Without the id of an answer a repeated request and a new wish look alike, until there is an answer to replace.
    if (newest && !isTerminal(newest.status)) return newest
    const replaced = isAnswer ? told.id : (newest ?? first).messageId
    const { run } = await this.#deps.sendMessage.execute(caller, {
      conversationId: chatId,
      runId: nextRunId(chatId, replaced),
      regenerate: replaced,
    })
    return run
  }

  /** The run of the newest answer to the question that `first` answered. */
  async #newestRun(caller: Caller, first: Run): Promise<Run> {
    const { conversations, runs } = this.#deps
    const owner = ownerOf(caller)
    const { headId } = await requireConversation(conversations, owner, first.conversationId)
    const head = headId === null ? null : await conversations.findMessage(owner, headId)
    if (head?.parentId !== first.userMessageId || head.runId === null) return first
    return (await runs.findDurable(owner, head.runId)) ?? first
  }

  async #messageIn(owner: Owner, chatId: string, id: string): Promise<Message | null> {
    const message = await this.#deps.conversations.findMessage(owner, id)
    return message?.conversationId === chatId ? message : null
  }
}
