import { createSseFeed, type SseEvent } from './sse-feed.js'

export interface SseSink {
  /** Called for every chunk of bytes, before the events in it; comments and heartbeats are bytes too. */
  readonly onBytes?: () => void
  readonly onEvent: (event: SseEvent) => void
}

/**
 * Reads an event stream until the body ends. A plain reader loop: `pipeThrough` and async iterators cost several times as
 * much per event.
 * @throws ChatError `protocol` when an event is too long; else whatever reading the body or `sink` throws. The body is released first.
 */
export async function readSse(body: ReadableStream<Uint8Array>, sink: SseSink): Promise<void> {
  const feed = createSseFeed(sink.onEvent)
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      sink.onBytes?.()
      feed(value)
    }
  } finally {
    // Tells the server that nobody reads any more; after a normal end it does nothing.
    reader.cancel().catch(() => {})
  }
}
