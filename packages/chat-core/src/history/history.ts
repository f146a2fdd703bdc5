/** The caller's conversations. */
export interface History {
  /** Fetches the list of conversations into the snapshot. A failure is `snapshot.error`. */
  list(): Promise<void>
  /** Opens a conversation: what storage has at once, then what the server says. A failure is `snapshot.error`. */
  open(id: string): Promise<void>
  /** Gives a conversation another title. @throws ChatError when the server refuses or cannot be reached */
  rename(id: string, title: string): Promise<void>
  /** Deletes on the server and in storage. @throws ChatError when the server refuses or cannot be reached */
  remove(id: string): Promise<void>
}
