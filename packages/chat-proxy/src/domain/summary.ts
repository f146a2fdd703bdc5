/** What was said in a branch up to and including one message, in short. It holds for every branch through that message. */
export interface Summary {
  readonly tenantId: string
  readonly conversationId: string
  /** The message it ends at. */
  readonly messageId: string
  readonly text: string
  readonly createdAt: number
}
