/** A conversation as the search sees it before it reads a message. */
export interface Searched {
  readonly id: string
  /** How many messages it has. */
  readonly size: number
}

/** What one statement looks through: the messages from `after` (exclusive) to `until` (inclusive) of these conversations. */
export interface SearchStep {
  readonly conversationIds: readonly string[]
  readonly after: number
  readonly until: number
}

/**
 * Everything in these conversations in steps of at most `size` messages, in their order: many small conversations in one
 * step, a long one in several.
 */
export function* searchSteps(conversations: readonly Searched[], size: number): Generator<SearchStep> {
  let together: string[] = []
  let count = 0
  for (const conversation of conversations) {
    if (count + conversation.size > size && together.length > 0) {
      yield { conversationIds: together, after: 0, until: size }
      together = []
      count = 0
    }
    if (conversation.size <= size) {
      together.push(conversation.id)
      count += conversation.size
    } else {
      for (let after = 0; after < conversation.size; after += size)
        yield { conversationIds: [conversation.id], after, until: after + size }
    }
  }
  if (together.length > 0) yield { conversationIds: together, after: 0, until: size }
}
