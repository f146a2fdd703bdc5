import type { MessageFeedback } from '../protocol/index.js'
import type { ChatError } from '../errors/chat-error.js'

/**
 * Where a message stands, as far as this client knows.
 *
 * User messages: `queued` (written while offline) → `sending` → `sent`; or `failed`, or `stopped` before it was sent.
 * Assistant messages: `sending` → `streaming` → `done | stopped | interrupted | failed | blocked`.
 * `done` is reached only through the server's terminal event, never by the end of a connection.
 */
export type ChatMessageStatus =
  'queued' | 'sending' | 'sent' | 'streaming' | 'done' | 'stopped' | 'interrupted' | 'failed' | 'blocked'

/** The server does not have this question and nothing is on its way: asking it again is a first time. */
export const isUnsent = ({ role, status }: ChatMessage): boolean =>
  role === 'user' && (status === 'failed' || status === 'stopped')

/** One message. Immutable: a changed message is a new object, an unchanged one keeps its reference. */
export interface ChatMessage {
  readonly id: string
  readonly role: 'user' | 'assistant'
  /** Markdown for an assistant, plain text for a user. */
  readonly content: string
  readonly status: ChatMessageStatus
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** The message this one follows; `null` for the first. Siblings are versions of each other. */
  readonly parentId: string | null
  /** On an assistant message: the generation that makes it. */
  readonly runId: string | null
  readonly error: ChatError | null
  /** On an answer: what its reader thinks of it, where anything was said. */
  readonly feedback?: MessageFeedback | null | undefined
}
