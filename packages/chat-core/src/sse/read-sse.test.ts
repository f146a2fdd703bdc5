import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../testing/seeded-random.js'
import { readSse } from './read-sse.js'
import { createSseFeed, type SseEvent } from './sse-feed.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function parse(chunks: readonly Uint8Array[]): SseEvent[] {
  const events: SseEvent[] = []
  const feed = createSseFeed((event) => events.push(event))
  for (const chunk of chunks) feed(chunk)
  return events
}

/** The bytes cut at every single place, byte by byte, and at random places. */
function* splits(whole: Uint8Array, seed: number): Generator<Uint8Array[]> {
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
]

describe('reading server-sent events', () => {
  it.each(CASES)('gives the same events for %s, wherever the bytes are cut', (_name, text, events) => {
    for (const chunks of splits(bytes(text), 7)) expect(parse(chunks)).toEqual(events)
  })

  it('refuses an event without end instead of holding it', () => {
    const feed = createSseFeed(() => {})
    feed(bytes('data: '))
    const megabyte = bytes('x'.repeat(1_048_576))
    expect(() => {
      for (let count = 0; count < 8; count += 1) feed(megabyte)
    }).toThrow(expect.objectContaining({ code: 'protocol' }))
  })

  it('releases the body when the sink throws', async () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes('data: a\n\n')),
      cancel: () => {
        cancelled = true
      },
    })
    const onEvent = (): never => {
      throw new Error('from the sink')
    }
    await expect(readSse(body, { onEvent })).rejects.toThrow('from the sink')
    expect(cancelled).toBe(true)
  })
})

interface CorpusCase {
  readonly id: string
  readonly bytesBase64: string
  readonly events: readonly { readonly type: string; readonly data: string; readonly lastEventId: string }[]
}

const corpus = process.env['CORPUS_DIR'] ? join(process.env['CORPUS_DIR'], 'sse-cases.json') : ''

describe.skipIf(!existsSync(corpus))('the WHATWG event-stream cases in CORPUS_DIR', () => {
  const cases = existsSync(corpus)
    ? // The file's own README gives this shape.
      (JSON.parse(readFileSync(corpus, 'utf8')) as { parse: CorpusCase[] }).parse
    : []
  it.each(cases)('$id gives the same events at every split', ({ bytesBase64, events }) => {
    for (const chunks of splits(new Uint8Array(Buffer.from(bytesBase64, 'base64')), 11)) {
      expect(parse(chunks)).toEqual(events)
    }
  })
})
