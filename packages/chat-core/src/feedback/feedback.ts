import type { MessageFeedback } from '../protocol/index.js'

/** What its reader thinks of an answer. It stands at the message, as `feedback`. */
export interface Feedback {
  /**
   * Rates an answer of the open conversation; the last word counts. Shown at once, and taken back when the server refuses.
   * @param comment up to 2,000 characters
   * @throws ChatError `protocol` when the open conversation has no such answer; else when the server refuses or cannot be reached
   */
  rate(messageId: string, rating: MessageFeedback['rating'], comment?: string): Promise<void>
}
