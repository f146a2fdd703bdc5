import type { PageContext, RunError, RunStatus, Usage } from '@colloquy/chat-core/protocol'

/** One message of a conversation. Messages form a tree: siblings are versions of each other. */
export interface Message {
  readonly tenantId: string
  readonly id: string
  readonly conversationId: string
  readonly parentId: string | null
  readonly role: 'user' | 'assistant'
  /** Markdown for an assistant, plain text for a user. Partial while the run streams. */
  readonly content: string
  /** Of its run for an assistant message; always `completed` for a user message. */
  readonly status: RunStatus
  readonly runId: string | null
  readonly model: string | null
  readonly usage: Usage | null
  readonly error: RunError | null
  /** What the page told of itself with a question; `null` when it told nothing, and for an answer. */
  readonly pageContext: PageContext | null
  /** What its reader thinks of an answer; `null` as long as nobody said. Always `null` for a user message. */
  readonly feedback: Feedback | null
  readonly createdAt: number
}

export type Rating = 'up' | 'down'

/** The newest word counts; what was said before is not kept. */
export interface Feedback {
  readonly rating: Rating
  readonly comment: string | null
  readonly at: number
}

/** Longest comment of a feedback, in UTF-16 code units. */
export const MAX_COMMENT_CHARS = 2_000
