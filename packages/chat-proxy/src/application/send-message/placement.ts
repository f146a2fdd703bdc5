import type { Caller } from '../../domain/caller.js'
import type { Conversation } from '../../domain/conversation.js'
import { DomainError } from '../../domain/errors.js'
import type { Message } from '../../domain/message.js'
import type { ConversationRepository } from '../../domain/ports/index.js'
import { requireMessage } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'
import { messageText } from '../shared/text.js'
import type { SendMessageInput } from './input.js'

/** What a new question says, in words and by its page. */
type Told = Pick<Message, 'content' | 'pageContext'>
export type NewQuestion = Told & Pick<Message, 'parentId'>

/** What is asked, told apart from the loose fields of the request. */
export type Question =
  | (Told & { readonly kind: 'new'; readonly parentId: string | null | undefined })
  | (Told & { readonly kind: 'edit'; readonly edited: string })
  | { readonly kind: 'regenerate'; readonly answerId: string }

/** Where the answer goes: under a new question with this parent, or under a question that is already there. */
export type Placement = { readonly newQuestion: NewQuestion } | { readonly existingQuestion: Message }

/** @throws DomainError `invalid-input` for fields that contradict each other, `message-too-long` */
export function questionOf(input: SendMessageInput, maxChars: number): Question {
  const { content, parentId, regenerate, edit, context } = input
  if (regenerate !== undefined) {
    if (
      content !== undefined ||
      edit !== undefined ||
      parentId !== undefined ||
      context !== undefined ||
      input.messageId !== undefined
    ) {
      throw refuse(
        'regenerate answers an old question again: leave out content, message_id, edit, parent_id and context.',
      )
    }
    return { kind: 'regenerate', answerId: regenerate }
  }
  if (content === undefined) throw refuse('content: the message is missing. Send it as a string.')
  const told: Told = { content: messageText(content, maxChars), pageContext: context ?? null }
  if (edit === undefined) return { ...told, kind: 'new', parentId }
  if (parentId !== undefined)
    throw refuse('edit puts the new message beside the old one: leave out parent_id.')
  return { ...told, kind: 'edit', edited: edit }
}

/** @throws DomainError `message-not-found`, `invalid-input` when a message is not of the role that is needed */
export async function placementOf(
  conversations: ConversationRepository,
  caller: Caller,
  conversation: Conversation,
  question: Question,
): Promise<Placement> {
  const load = (id: string): Promise<Message> =>
    requireMessage(conversations, ownerOf(caller), { id, conversationId: conversation.id })
  switch (question.kind) {
    case 'regenerate': {
      const answer = expectRole(await load(question.answerId), 'assistant', 'regenerate')
      if (answer.parentId === null) throw refuse('regenerate: this message answers no question.')
      return { existingQuestion: await load(answer.parentId) }
    }
    case 'edit': {
      const { parentId } = expectRole(await load(question.edited), 'user', 'edit')
      const { content, pageContext } = question
      return { newQuestion: { content, pageContext, parentId } }
    }
    case 'new': {
      const { content, pageContext, parentId = conversation.headId } = question
      if (typeof question.parentId === 'string')
        expectRole(await load(question.parentId), 'assistant', 'parent_id')
      return { newQuestion: { content, pageContext, parentId } }
    }
  }
}

function expectRole(message: Message, role: Message['role'], field: string): Message {
  if (message.role === role) return message
  throw refuse(`${field}: it must be the ID of ${role === 'user' ? 'a user' : 'an assistant'} message.`)
}

const refuse = (detail: string): DomainError => new DomainError('invalid-input', detail)
