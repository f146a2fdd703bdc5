import type { ConversationMode } from '@colloquy/chat-core/protocol'
import type { Caller } from '../../domain/caller.js'
import type { Conversation } from '../../domain/conversation.js'
import { DomainError } from '../../domain/errors.js'
import type { Clock, ConversationRepository } from '../../domain/ports/index.js'
import { requireConversation } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'
import { updatedEvent } from './updated-event.js'

export interface UpdateConversationInput {
  readonly title?: string | undefined
  readonly mode?: ConversationMode | undefined
  readonly documentIds?: readonly string[] | undefined
}

/** Renames a conversation or changes how its questions are answered. */
export class UpdateConversation {
  readonly #deps: { readonly conversations: ConversationRepository; readonly clock: Clock }

  constructor(deps: { readonly conversations: ConversationRepository; readonly clock: Clock }) {
    this.#deps = deps
  }

  /** @throws DomainError `conversation-not-found`, `invalid-input` for a title without a visible character */
  async execute(
    caller: Caller,
    id: string,
    { title, mode, documentIds }: UpdateConversationInput,
  ): Promise<Conversation> {
    const { conversations, clock } = this.#deps
    const owner = ownerOf(caller)
    const change = {
      ...(title !== undefined && { title: { text: visibleTitle(title), by: 'person' } as const }),
      ...(mode !== undefined && { mode }),
      ...(documentIds !== undefined && { documentIds }),
    }
    const existing = await requireConversation(conversations, owner, id)
    if (Object.keys(change).length === 0) return existing
    // Deleted between the two steps: the second look says so in the usual words.
    return (
      (await conversations.update(owner, id, change, updatedEvent(caller, id, change, clock.now()))) ??
      (await requireConversation(conversations, owner, id))
    )
  }
}

function visibleTitle(raw: string): string {
  const title = raw.trim()
  if (title === '')
    throw new DomainError('invalid-input', 'title: it is empty. Give at least one visible character.')
  return title
}
