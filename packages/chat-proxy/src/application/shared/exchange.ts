import type { Message } from '../../domain/message.js'
import type { ConversationRepository, Owner } from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'
import { noMessage } from './find-owned.js'

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
  const { userMessageId, messageId } = run
  const found = await conversations.findMessages(owner, [userMessageId, messageId])
  const messageOf = (id: string): Message => found.find((message) => message.id === id) ?? noMessage(id)
  return { userMessage: messageOf(userMessageId), message: messageOf(messageId) }
}
