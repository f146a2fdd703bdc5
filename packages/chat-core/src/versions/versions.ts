import type { RunOutcome } from '../chat-client/chat-client.js'

/** Answers and questions that stand beside each other as branches of the open conversation. */
export interface Versions {
  /**
   * Answers the question of `messageId` (an answer) once more, as a new version beside it. The older one is kept.
   * @throws ChatError `protocol` when the open conversation has no such answer
   */
  regenerate(messageId: string): Promise<RunOutcome>
  /**
   * Asks `content` in place of the question `messageId`, as a new branch beside it. The older branch is kept.
   * @throws ChatError as `send`, and `protocol` when the open conversation has no such question
   */
  edit(messageId: string, content: string): Promise<RunOutcome>
  /** Ids of all versions of a message of the open conversation, itself included, oldest first. */
  of(messageId: string): readonly string[]
  /** Opens the branch of the version `messageId`; the next question follows it. */
  select(messageId: string): void
}
