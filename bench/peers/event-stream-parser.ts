import { createParser } from 'eventsource-parser'
import type { SseCase } from '../../packages/chat-core/src/sse/sse-cases.suite.js'

/** `eventsource-parser` behind a `TextDecoder`, as its own page and its users wire it; the last id is kept for it. */
export function parseAsUsual(chunks: readonly Uint8Array[]): SseCase['events'][number][] {
  const events: SseCase['events'][number][] = []
  let lastEventId = ''
  const parser = createParser({
    onEvent({ event, data, id }) {
      lastEventId = id ?? lastEventId
      events.push({ type: event ?? 'message', data, lastEventId })
    },
  })
  const decoder = new TextDecoder()
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }))
  return events
}
