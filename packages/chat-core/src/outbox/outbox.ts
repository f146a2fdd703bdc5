/** Questions on their way. */
export interface Outbox {
  /**
   * Takes back one question that the server does not have yet, in whichever conversation; those before and behind it are
   * sent all the same. It stays in its place as `stopped`. What the server has already is not taken back: `stop` ends its answer.
   * @param messageId the question's, or that of the answer it waits for; any other is no error
   */
  cancel(messageId: string): Promise<void>
}
