/** Event-stream text. One place decides where lines end. */

/** First bytes of every stream: proves that bytes get through, and tells `EventSource` how soon to come back, in ms. */
export const SSE_OPENING = ': ok\nretry: 1000\n\n'

/** 2 KB of comment: some proxies pass nothing on before they have that much. */
export const SSE_PADDING = `:${' '.repeat(2048)}\n\n`

/** `data` has no line break: it is JSON or a word. */
export const sseEvent = (id: string, data: string): string => `id: ${id}\ndata: ${data}\n\n`

/** An event without an id, which nobody can come back to. */
export const sseData = (data: string): string => `data: ${data}\n\n`

/** `text` has no line break. */
export const sseComment = (text: string): string => `: ${text}\n\n`

export const sseHeartbeat = (lastSeq: number): string => sseComment(`hb ${lastSeq}`)

export const SSE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}
