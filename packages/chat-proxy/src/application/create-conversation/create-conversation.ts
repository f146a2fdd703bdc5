import type { ConversationMode } from '@colloquy/chat-core/protocol'
import type { Caller } from '../../domain/caller.js'
import { titleFrom, type Conversation } from '../../domain/conversation.js'
import type { Clock, ConversationRepository } from '../../domain/ports/index.js'
import type { Permit, SendMessage } from '../send-message/send-message.js'
import type { Exchange } from '../shared/exchange.js'
import { requireConversation } from '../shared/find-owned.js'
import { deriveId, newId } from '../shared/ids.js'
import { ownerOf } from '../shared/owner.js'
import type { Settings } from '../shared/settings.js'
import { messageText } from '../shared/text.js'

export interface CreateConversationInput {
  readonly id?: string | undefined
  readonly title?: string | undefined
  readonly firstMessage?: string | undefined
  readonly mode?: ConversationMode | undefined
  readonly documentIds?: readonly string[] | undefined
}

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
  readonly settings: Settings
}

/** Opens a conversation, and asks its first question when there is one. Safe to repeat with an id made by the client. */
export class CreateConversation {
  readonly #deps: CreateConversationDeps

  constructor(deps: CreateConversationDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `id-already-used`, or whatever `SendMessage` refuses; then nothing is stored */
  async execute(caller: Caller, input: CreateConversationInput): Promise<CreatedConversation> {
    const { conversations, settings, sendMessage } = this.#deps
    const { firstMessage } = input
    if (firstMessage !== undefined) messageText(firstMessage, settings.maxMessageChars)
    const blank = this.#blank(caller, input)
    const permit =
      firstMessage === undefined ? null : await sendMessage.permit(caller, firstRunOf(blank.id), firstMessage)
    const stored = await conversations.create(blank, {
      tenantId: caller.tenantId,
      type: 'conversation.created',
      subjectId: blank.id,
      actor: caller.subject,
      at: blank.createdAt,
      data: {},
    })
    if (firstMessage === undefined || !permit) return { ...stored, exchange: null }
    return { ...(await this.#ask(caller, blank.id, firstMessage, permit)), created: stored.created }
  }

  #blank(caller: Caller, input: CreateConversationInput): Conversation {
    const now = this.#deps.clock.now()
    return {
      tenantId: caller.tenantId,
      id: input.id ?? newId('c'),
      ownerId: caller.subject,
      title: titleFrom(input.title ?? input.firstMessage),
      titleBy: input.title === undefined ? 'first-message' : 'person',
      mode: input.mode ?? 'open',
      documentIds: input.documentIds ?? [],
      createdAt: now,
      updatedAt: now,
      headId: null,
    }
  }

  async #ask(
    caller: Caller,
    conversationId: string,
    content: string,
    permit: Permit,
  ): Promise<Omit<CreatedConversation, 'created'>> {
    const { conversations, sendMessage } = this.#deps
    const request = { conversationId, runId: permit.runId, content }
    const exchange = await sendMessage.ask(caller, request, permit)
    return {
      conversation: await requireConversation(conversations, ownerOf(caller), conversationId),
      exchange,
    }
  }
}

/** Named after the conversation, so that a repeated call finds its run instead of asking twice. */
const firstRunOf = (conversationId: string): string => deriveId('r', conversationId, 'first')
