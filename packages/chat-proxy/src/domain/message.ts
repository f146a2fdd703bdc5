import type { RunError, RunStatus, Usage } from '@colloquy/chat-core/protocol'

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
  readonly createdAt: number
}
