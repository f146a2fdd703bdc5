import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import { MAX_COMMENT_CHARS, type Message, type Rating } from '../../domain/message.js'
import type { Clock, ConversationRepository } from '../../domain/ports/index.js'
import { requireAnyMessage } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'

export interface RateMessageInput {
  readonly messageId: string
  readonly rating: Rating
  readonly comment: string | undefined
}

/** Takes what a reader thinks of an answer. The last word counts. */
export class RateMessage {
  readonly #deps: { readonly conversations: ConversationRepository; readonly clock: Clock }

  constructor(deps: { readonly conversations: ConversationRepository; readonly clock: Clock }) {
    this.#deps = deps
  }

  /**
   * @returns the answer with the feedback
   * @throws DomainError `message-not-found`, `invalid-input` for a question or a comment that is too long
   */
  async execute(caller: Caller, input: RateMessageInput): Promise<Message> {
    const { conversations, clock } = this.#deps
    const { messageId, rating } = input
    const owner = ownerOf(caller)
    const comment = commentOf(input)
    const { role } = await requireAnyMessage(conversations, owner, messageId)
    if (role !== 'assistant')
      throw new DomainError('invalid-input', 'Only an answer can be rated; this message is a question.')
    const at = clock.now()
    const rated = await conversations.rate(
      owner,
      messageId,
      { rating, comment, at },
      {
        tenantId: caller.tenantId,
        type: 'message.rated',
        subjectId: messageId,
        actor: caller.subject,
        at,
        data: { rating, commented: comment !== null },
      },
    )
    // Deleted between the two steps: the second look says so in the usual words.
    return rated ?? requireAnyMessage(conversations, owner, messageId)
  }
}

/** White space alone is no comment. */
function commentOf({ comment }: RateMessageInput): string | null {
  const text = comment?.trim() ?? ''
  if (text.length > MAX_COMMENT_CHARS) {
    const detail = `comment: it has ${text.length} characters; at most ${MAX_COMMENT_CHARS} are accepted.`
    throw new DomainError('invalid-input', detail, { field: 'comment' })
  }
  return text === '' ? null : text
}
