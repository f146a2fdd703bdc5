import type { PageContext } from '@colloquy/chat-core/protocol'

/** `SendMessageRequest` of the protocol, as the use case needs it. Every id has the form of one. */
export interface SendMessageInput {
  readonly conversationId: string
  readonly content?: string | undefined
  readonly runId?: string | undefined
  readonly messageId?: string | undefined
  readonly answerId?: string | undefined
  /** `null`: the question is the first of its branch. */
  readonly parentId?: string | null | undefined
  readonly regenerate?: string | undefined
  readonly edit?: string | undefined
  readonly context?: PageContext | undefined
}
