import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from '../testing/seeded-random.js'
import { createSseFeed, type SseEvent } from './sse-feed.js'

/** Bytes of an event stream, and what comes out wherever they are cut. */
export interface SseCase {
  readonly name: string
  readonly bytes: Uint8Array
  readonly events: readonly SseEvent[]
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export function parse(chunks: readonly Uint8Array[]): SseEvent[] {
  const events: SseEvent[] = []
  const feed = createSseFeed((event) => events.push(event))
  for (const chunk of chunks) feed(chunk)
  return events
}

/** The bytes cut at every single place, byte by byte, and at random places. */
export function* splits(whole: Uint8Array, seed: number): Generator<Uint8Array[]> {
  yield [whole]
  for (let at = 1; at < whole.length; at += 1) yield [whole.subarray(0, at), whole.subarray(at)]
  yield Array.from(whole, (_, at) => whole.subarray(at, at + 1))
  const random = seededRandom(seed)
  for (let round = 0; round < 50; round += 1) {
    const cuts = Array.from({ length: 5 }, () => Math.floor(random() * whole.length)).toSorted(
      (a, b) => a - b,
    )
    yield [0, ...cuts].map((from, index) => whole.subarray(from, cuts[index] ?? whole.length))
  }
}

const message = (data: string, lastEventId = ''): SseEvent => ({ type: 'message', data, lastEventId })

const CASES: readonly [name: string, text: string, events: readonly SseEvent[]][] = [
  ['line feeds', 'data: a\n\ndata: b\n\n', [message('a'), message('b')]],
  ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [message('a'), message('b')]],
  ['lone CR', 'data: a\r\rdata: b\r\r', [message('a'), message('b')]],
  ['one byte order mark', '\uFEFFdata: a\n\n', [message('a')]],
  ['letters of two to four bytes', 'data: äß€\u{1F600}\n\n', [message('äß€\u{1F600}')]],
  ['several data lines', 'data: a\ndata\ndata: b\n\n', [message('a\n\nb')]],
  ['comments and unknown fields', ': hb 3\n\nfoo: x\ndata:a\n\n', [message('a')]],
  ['ids that persist', 'id: r.1\ndata: a\n\ndata: b\n\n', [message('a', 'r.1'), message('b', 'r.1')]],
  ['event names', 'event: x\ndata: a\n\ndata: b\n\n', [{ ...message('a'), type: 'x' }, message('b')]],
  ['a second byte order mark', '\uFEFF\uFEFFdata: a\n\n', []],
  ['an empty data line', 'data\n\ndata:\n\n', [message(''), message('')]],
  ['an id with a null in it', 'id: a\0b\ndata: a\n\n', [message('a')]],
  ['a name without data', 'event: x\n\ndata: a\n\n', [message('a')]],
  ['one space after the colon', 'data:  a\ndata:b\n\n', [message(' a\nb')]],
  ['an event that never ends', 'data: a\n\ndata: lost\n', [message('a')]],
  [
    'all three line ends in one stream',
    'data: a\r\n\ndata: b\r\rdata: c\n\r\n',
    'abc'.split('').map((letter) => message(letter)),
  ],
  ['three lines of a stock ticker', 'data: YHOO\ndata: +2\ndata: 10\n\n', [message('YHOO\n+2\n10')]],
  [
    'a comment, an id, an id that is taken back, a space that stays',
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
    [message('first event', '1'), message('second event'), message(' third event')],
  ],
  ['lines of data without any', 'data\n\ndata\ndata\n\ndata:', [message(''), message('\n')]],
  ['a tab behind the colon', 'data:\ta\n\n', [message('\ta')]],
  ['a space ahead of the colon', 'data : a\n\n', []],
  ['names of fields in capitals', 'DATA: a\nData: b\ndata: c\n\n', [message('c')]],
  ['colons in the data', 'data: a: b:c\n\n', [message('a: b:c')]],
  ['a byte order mark between events', 'data: a\n\n\uFEFFdata: b\n\n', [message('a')]],
  ['a byte order mark in the data', 'data: \uFEFFa\n\n', [message('\uFEFFa')]],
  [
    'what other standards take for line ends',
    'data: a\u2028b\u0085c\u000Bd\n\n',
    [message('a\u2028b\u0085c\u000Bd')],
  ],
  ['a time to come back', 'retry: 3000\ndata: a\n\nretry\n\n', [message('a')]],
  ['an id ahead of its event', 'id: r.1\n\ndata: a\n\n', [message('a', 'r.1')]],
  [
    'fields that stand twice',
    'event: x\nevent: y\nid: 1\nid: 2\ndata: a\n\n',
    [{ ...message('a', '2'), type: 'y' }],
  ],
  ['a name that is taken back', 'event: x\nevent\ndata: a\n\n', [message('a')]],
  ['a comment within an event', 'data: a\n: x\ndata: b\n\n', [message('a\nb')]],
  ['nothing but comments', ':\n\n: \n::\n\n', []],
]

/** Bytes that are no text: each stands for one U+FFFD, or a letter that was cut off does. */
const NO_TEXT: SseCase = {
  name: 'bytes that are no UTF-8',
  bytes: Uint8Array.of(...bytes('data: '), 0xff, 0xe2, 0x82, ...bytes('\n\ndata: a\n\n')),
  events: [message('\uFFFD\uFFFD'), message('a')],
}

export const SSE_CASES: readonly SseCase[] = [
  ...CASES.map(([name, text, events]) => ({ name, bytes: bytes(text), events })),
  NO_TEXT,
]

/** The web platform's own cases, in `sse-cases.json` of the folder that `CORPUS_DIR` names; none where it names none. */
export function publicSseCases(): readonly SseCase[] {
  const file = join(process.env['CORPUS_DIR'] ?? '', 'sse-cases.json')
  if (!process.env['CORPUS_DIR'] || !existsSync(file)) return []
  // The file's own README gives this shape.
  const { parse: cases } = JSON.parse(readFileSync(file, 'utf8')) as { parse: PublicCase[] }
  return cases.map(({ id, bytesBase64, events }) => ({
    name: id,
    bytes: new Uint8Array(Buffer.from(bytesBase64, 'base64')),
    events,
  }))
}

interface PublicCase {
  readonly id: string
  readonly bytesBase64: string
  readonly events: readonly SseEvent[]
}
