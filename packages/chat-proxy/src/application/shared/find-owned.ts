import { isId } from '@colloquy/chat-core/protocol'
import type { Conversation } from '../../domain/conversation.js'
import { DomainError } from '../../domain/errors.js'
import type { Message } from '../../domain/message.js'
import type { ConversationRepository, Owner, RunRepository } from '../../domain/ports/index.js'
import type { Run } from '../../domain/run.js'

/**
 * Loading by id with one answer for "absent", "deleted", "somebody else's" and "cannot be an id": not found. So ids
 * cannot be probed, and no hostile text reaches a store as a key.
 */

/** @throws DomainError `conversation-not-found` */
export async function requireConversation(
  conversations: ConversationRepository,
  owner: Owner,
  id: string,
): Promise<Conversation> {
  return (isId(id) ? await conversations.find(owner, id) : null) ?? raise('conversation', id)
}

export const findRun = async (runs: RunRepository, owner: Owner, id: string): Promise<Run | null> =>
  isId(id) ? runs.find(owner, id) : null

/** @throws DomainError `run-not-found` */
export async function requireRun(runs: RunRepository, owner: Owner, id: string): Promise<Run> {
  return (await findRun(runs, owner, id)) ?? raise('run', id)
}

/** @throws DomainError `message-not-found`, also when it is in another conversation */
export async function requireMessage(
  conversations: ConversationRepository,
  owner: Owner,
  { id, conversationId }: { readonly id: string; readonly conversationId: string },
): Promise<Message> {
  const message = isId(id) ? await conversations.findMessage(owner, id) : null
  return message?.conversationId === conversationId ? message : raise('message', id)
}

/** In whatever conversation. @throws DomainError `message-not-found` */
export async function requireAnyMessage(
  conversations: ConversationRepository,
  owner: Owner,
  id: string,
): Promise<Message> {
  return (isId(id) ? await conversations.findMessage(owner, id) : null) ?? raise('message', id)
}

/** @throws DomainError `message-not-found` */
export const noMessage = (id: string): never => raise('message', id)

const LONGEST_QUOTE = 64

function raise(noun: 'conversation' | 'run' | 'message', id: string): never {
  throw new DomainError(`${noun}-not-found`, `No ${noun} with ID ${id.slice(0, LONGEST_QUOTE)}`)
}
