import type { Caller } from '../../domain/caller.js'
import type { Conversation } from '../../domain/conversation.js'
import { conversationIdTaken } from '../../domain/errors.js'
import type { Clock, ConversationRepository } from '../../domain/ports/index.js'
import type { SendMessage } from '../send-message/send-message.js'
import { exchangeOf, type Exchange } from '../shared/exchange.js'
import { deriveId } from '../shared/ids.js'
import { createdEvent, newConversation, type NewConversation } from '../shared/new-conversation.js'
import { ownerOf } from '../shared/owner.js'

export interface CreatedConversation {
  readonly conversation: Conversation
  /** The question and its answer under way; `null` without a first message. */
  readonly exchange: Exchange | null
  /** False when the caller's own conversation with this id was there before. */
  readonly created: boolean
}

export interface CreateConversationDeps {
  readonly conversations: ConversationRepository
  readonly sendMessage: SendMessage
  readonly clock: Clock
}

/** Opens a conversation, and asks its first question when there is one. Safe to repeat with an id made by the client. */
export class CreateConversation {
  readonly #deps: CreateConversationDeps

  constructor(deps: CreateConversationDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `id-already-used`, or whatever `SendMessage` refuses; then nothing is stored */
  async execute(caller: Caller, input: NewConversation): Promise<CreatedConversation> {
    const { conversations, clock } = this.#deps
    const { firstMessage } = input
    const blank = newConversation(caller, input, clock.now())
    if (firstMessage !== undefined) return this.#openWith(caller, blank, firstMessage)
    return { ...(await conversations.create(blank, createdEvent(blank))), exchange: null }
  }

  async #openWith(caller: Caller, opening: Conversation, content: string): Promise<CreatedConversation> {
    const { conversations, sendMessage } = this.#deps
    const request = { conversationId: opening.id, runId: firstRunOf(opening.id), content }
    const { run, hasOpened } = await sendMessage.execute(caller, request, { opening })
    const conversation = await conversations.find(ownerOf(caller), opening.id)
    // It was asked before, and deleted since.
    if (!conversation) throw conversationIdTaken()
    return {
      conversation,
      exchange: await exchangeOf(conversations, ownerOf(caller), run),
      created: hasOpened,
    }
  }
}

/** Named after the conversation, so that a repeated call finds its run instead of asking twice. */
const firstRunOf = (conversationId: string): string => deriveId('r', conversationId, 'first')
