import type { Message } from '../../domain/message.js'
import type { ConversationRepository, Owner } from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'
import { requireMessage } from './find-owned.js'

/** A question and its answer. */
export interface Exchange {
  readonly userMessage: Message
  readonly message: Message
}

/** The two messages of a run, as they are stored now. @throws DomainError `message-not-found` when the conversation is gone */
export async function exchangeOf(
  conversations: ConversationRepository,
  owner: Owner,
  run: Run,
): Promise<Exchange> {
  const { conversationId } = run
  const [userMessage, message] = await Promise.all([
    requireMessage(conversations, owner, { id: run.userMessageId, conversationId }),
    requireMessage(conversations, owner, { id: run.messageId, conversationId }),
  ])
  return { userMessage, message }
}
