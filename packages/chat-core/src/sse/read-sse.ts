import { createParser } from 'eventsource-parser'
import { ChatError } from '../errors/chat-error.js'

export interface SseSink {
  /** Called for every chunk of bytes, before the events in it; comments and heartbeats are bytes too. */
  onBytes?(): void
  /** Called for each event, in order, as soon as its last byte is here. */
  onEvent(event: SseEvent): void
}

export interface SseEvent {
  /** The `event:` field; `message` when absent. */
  readonly type: string
  readonly data: string
  /** The newest `id:` of this stream, empty when there was none. Persists from event to event. */
  readonly lastEventId: string
}

/** Longest event accepted, in UTF-16 code units; a longer one means that the other side is broken or hostile. */
const MAX_EVENT_LENGTH = 4_194_304

/**
 * Reads an event stream (WHATWG HTML, 9.2.6) until the body ends. A plain reader loop: `pipeThrough` and async iterators
 * cost several times as much per event.
 * @throws ChatError `protocol` when an event is too long; else whatever reading the body or `sink` throws. The body is released first.
 */
export async function readSse(body: ReadableStream<Uint8Array>, sink: SseSink): Promise<void> {
  const feed = createSseFeed(sink)
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

/** Bytes in, events out; the part of {@link readSse} that knows no stream. */
export function createSseFeed(sink: SseSink): (bytes: Uint8Array) => void {
  let lastEventId = ''
  const parser = createParser({
    maxBufferSize: MAX_EVENT_LENGTH,
    onId: (id) => {
      lastEventId = id
    },
    // The standard reads an empty `event:` as no event name at all.
    onEvent: ({ event, data }) => sink.onEvent({ type: event || 'message', data, lastEventId }),
    onError: (error) => {
      if (error.type !== 'max-buffer-size-exceeded') return
      throw new ChatError('protocol', 'The server sent an event that is too long.', { cause: error })
    },
  })
  // The parser strips the one leading byte order mark itself; a decoder that did it too would eat a second one.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return (bytes) => parser.feed(decoder.decode(bytes, { stream: true }))
}
