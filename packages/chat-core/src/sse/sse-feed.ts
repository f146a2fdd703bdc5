import { ChatError, NOT_THE_PROTOCOL } from '../errors/chat-error.js'

export interface SseEvent {
  /** The `event:` field; `message` when absent or empty. */
  readonly type: string
  readonly data: string
  /** The newest `id:` of this stream, empty when there was none. Persists from event to event. */
  readonly lastEventId: string
}

/** Longest event accepted, in UTF-16 code units; a longer one means that the other side is broken or hostile. */
const MAX_EVENT_LENGTH = 5_000_000

/**
 * An event stream (WHATWG HTML, 9.2.6): bytes in, cut anywhere, events out, each as soon as its last byte is here.
 * @returns takes the next bytes. @throws ChatError `protocol` when an event is too long; else what `onEvent` throws
 */
export function createSseFeed(onEvent: (event: SseEvent) => void): (bytes: Uint8Array) => void {
  // Decoders differ in how they strip a byte order mark from a stream, so that is done here.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let isBeginning = true
  /** A line whose end has not come yet. */
  let rest = ''
  let endedInCr = false
  let type = ''
  let lastEventId = ''
  let data: string | null = null

  function takeLine(line: string): void {
    if (line === '') return dispatch()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data = data === null ? value : `${data}\n${value}`
    else if (field === 'id' && !value.includes('\0')) lastEventId = value
    else if (field === 'event') type = value
  }

  function dispatch(): void {
    if (data !== null) onEvent({ type: type || 'message', data, lastEventId })
    type = ''
    data = null
  }

  return (bytes) => {
    let text = decoder.decode(bytes, { stream: true })
    if (text === '') return
    // CR and LF are one end of a line, also when they come apart.
    if ((isBeginning && text[0] === '\uFEFF') || (endedInCr && text[0] === '\n')) text = text.slice(1)
    isBeginning = false
    endedInCr = text.endsWith('\r')
    const lines = text.split(text.includes('\r') ? /\r\n?|\n/ : '\n')
    lines[0] = rest + lines[0]
    rest = lines.pop() ?? ''
    for (const line of lines) takeLine(line)
    if (rest.length + (data ?? '').length > MAX_EVENT_LENGTH)
      throw new ChatError('protocol', NOT_THE_PROTOCOL)
  }
}
