import type { ChatTransport, UIMessage } from 'ai'

/**
 * What the AI SDK's `useChat` and assistant-ui take as their `transport`. A line that drops is read on by itself, without a
 * second call of the model: `useChat` sees one stream that ends when the answer ends.
 */
export interface DurableTransport<M extends UIMessage = UIMessage> extends ChatTransport<M> {
  /** What is read again is told from its beginning. */
  readonly resumeStreamIsReplay: true
  /**
   * Ends the answer under way in this chat, on the server, and keeps its text; no-op when there is none. `useChat`'s own
   * `stop()`, which it also calls when its component goes, only stops reading: the answer goes on, and is there for `resume`
   * until nobody has read it for `NO_READER_GRACE_SECONDS`.
   */
  stop(chatId: string): Promise<void>
}
