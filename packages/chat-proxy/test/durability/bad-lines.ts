import type { ChatErrorCode } from '@colloquy/chat-core'
import type { RelayFault } from '../support/relay.js'
import {
  answer,
  buffered,
  byteByByte,
  cutAfter,
  doubled,
  inserted,
  resetBehind,
  rewritten,
  withByteOrderMark,
} from '../support/relay-faults.js'
import { once } from './ask-through.js'

const HTML = { 'content-type': 'text/html' }

/** What may happen to the line, or to the server's first answer, and must not be noticed in the answer: asked for every request. */
export const HEALED: readonly [
  name: string,
  fault: (count: number) => RelayFault | null,
  /** The requests; those about a run where it is left out. */
  about?: RegExp,
][] = [
  ['silence instead of a session', once(() => ({ kind: 'silence' })), /chat\/start$/],
  ['silence instead of a conversation', once(() => ({ kind: 'silence' })), /conversations$/],
  ['silence in the middle of a session', once(() => cutAfter(20, 'silence')), /chat\/start$/],
  ['silence instead of each first answer', (count) => (count % 2 === 1 ? { kind: 'silence' } : null), /./],
  ['a reset before the headers', once(() => ({ kind: 'reset' }))],
  ['a reset before the first event', once(() => cutAfter(10, 'reset'))],
  ['a reset in mid-answer', once(() => cutAfter(4000, 'reset'))],
  ['a reset behind the finish reason', once(() => resetBehind('"finish_reason":"stop"'))],
  ['a clean end in mid-answer', once(() => cutAfter(4000, 'end'))],
  ['silence instead of an answer', once(() => ({ kind: 'silence' }))],
  ['silence in mid-answer', once(() => cutAfter(4000, 'silence'))],
  ['200 with HTML', once(() => answer(200, HTML, '<html><body>Please sign in</body></html>'))],
  ['204', once(() => answer(204))],
  ['401', once(() => answer(401))],
  ['429 with Retry-After', once(() => answer(429, { 'retry-after': '0' }))],
  ['500', once(() => answer(500))],
  ['502', once(() => answer(502, HTML, '<html>Bad gateway</html>'))],
  ['an event that is not JSON', once(() => inserted('data: {"choices":[\n\n', 8))],
  ['an event of an unknown kind', () => inserted('event: surprise\ndata: {}\n\n', 8)],
  ['bytes that come one by one', () => byteByByte()],
  ['CRLF line ends', () => rewritten((text) => text.replaceAll('\n', '\r\n'))],
  ['lone CR line ends', () => rewritten((text) => text.replaceAll('\n', '\r'))],
  ['a byte order mark', () => withByteOrderMark()],
  ['a proxy that buffers', () => buffered()],
  ['frames that come twice', () => doubled()],
]

/** What no client can heal, and the code that it fails with. */
export const FOR_GOOD: readonly [name: string, fault: () => RelayFault, code: ChatErrorCode][] = [
  ['200 with HTML', () => answer(200, HTML, '<html></html>'), 'protocol'],
  ['401', () => answer(401), 'auth'],
  ['429', () => answer(429), 'rate_limited'],
  ['500', () => answer(500), 'upstream'],
]
