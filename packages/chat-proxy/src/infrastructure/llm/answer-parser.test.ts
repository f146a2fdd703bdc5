import { describe, expect, test } from 'vitest'
import { answerParser, DONE, type AnswerEvent } from './answer-parser.js'
import { endChunk, sse, textChunk } from './testing/fault-server.js'

const bytes = (text: string): Buffer => Buffer.from(text)

function readAll(chunks: readonly Buffer[], type = 'text/event-stream'): AnswerEvent[] {
  const parser = answerParser(type)
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()]
}

const summary = (events: readonly AnswerEvent[]): unknown[] =>
  events.map((event) => (event === DONE ? DONE : event.text || event.finishReason))

const ANSWER = `: ok\r\n\r\n${sse(textChunk('Grüße 👋 '))}event: x\r\ndata: ${JSON.stringify(textChunk('漢字'))}\r\rdata:${JSON.stringify(endChunk('length'))}\n\n${sse(DONE)}`
const SEEN = ['Grüße 👋 ', '漢字', 'length', DONE]

describe('an answer', () => {
  test('reads the same events wherever the bytes are cut', () => {
    const all = bytes(ANSWER)
    for (let cut = 0; cut <= all.length; cut++)
      expect(summary(readAll([all.subarray(0, cut), all.subarray(cut)])), `cut at ${cut}`).toEqual(SEEN)
  })

  test('reads the same events byte by byte', () => {
    const single = Array.from(bytes(ANSWER), (byte) => Buffer.of(byte))
    expect(summary(readAll(single))).toEqual(SEEN)
  })

  test('reads events of one shape the same wherever they are cut, also several at once and other ones between them', () => {
    const words = ['one ', 'zwö ', '"', '👋', ' four', '\n', '漢字', '']
    const all = bytes(
      `${words.map((word) => sse(textChunk(word))).join('')}: hb\n\n${sse(textChunk('end'))}${sse(DONE)}`,
    )
    const whole = summary(readAll([all]))
    expect(whole.filter(Boolean)).toEqual([...words.filter(Boolean), 'end', DONE])
    for (let size = 1; size < all.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
        all.subarray(index * size, (index + 1) * size),
      )
      expect(summary(readAll(pieces)), `pieces of ${size}`).toEqual(whole)
    }
  })

  test('reads no more than the part of the bytes that it is lent', () => {
    const parser = answerParser('text/event-stream')
    const lent = bytes(`###${sse(textChunk('a'))}${sse(textChunk('b'))}###`)
    const first = lent.indexOf('\n\n') + 2
    expect(summary(parser.push(lent, 3, first))).toEqual(['a'])
    expect(summary(parser.push(lent, first, lent.length - 3))).toEqual(['b'])
  })

  test('reads a last event without the blank line after it', () => {
    for (const end of ['', '\n', '\r\n'])
      expect(summary(readAll([bytes(`${sse(textChunk('a'))}data: [DONE]${end}`)]))).toEqual(['a', DONE])
  })

  test('skips a byte order mark, comments and fields it does not know', () => {
    const text = `\uFEFF: hello\nfoo: bar\nid: 7\nretry: 10\nnonsense\n${sse(textChunk('a'))}`
    expect(summary(readAll([bytes(text)]))).toEqual(['a'])
  })

  test('takes no mark of the order of bytes in the middle for one, and no part of a letter for whole', () => {
    const [familiar, other] = [sse(textChunk('a')), ': hb\n\n']
    const marked = `\uFEFF${sse(textChunk('lost'))}`
    const all = bytes(`${other}${familiar.repeat(3)}${marked}${familiar}: 👋\n\n${familiar}`)
    for (let size = 1; size < all.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
        all.subarray(index * size, (index + 1) * size),
      )
      expect(summary(readAll(pieces)), `pieces of ${size}`).toEqual(['a', 'a', 'a', 'a', 'a'])
    }
  })

  test('joins data lines of one event', () => {
    const lines = JSON.stringify(textChunk('a'), null, 1)
      .split('\n')
      .map((line) => `data: ${line}\n`)
    expect(summary(readAll([bytes(`${lines.join('')}\n`)]))).toEqual(['a'])
  })

  test('reads an answer that is not streamed', () => {
    const whole = { choices: [{ message: { content: 'All of it 👋' }, finish_reason: 'stop' }] }
    const single = Array.from(bytes(JSON.stringify(whole)), (byte) => Buffer.of(byte))
    expect(summary(readAll(single, 'application/json; charset=utf-8'))).toEqual(['All of it 👋', DONE])
  })

  test('fails on what is no JSON object', () => {
    for (const data of ['{"choices":', 'null', '7', '<html>', '[]'])
      expect(() => readAll([bytes(sse(data))])).toThrow()
    expect(() => readAll([bytes('<html>')], 'application/json')).toThrow()
  })

  test('fails on an event without end instead of keeping it', () => {
    const mebibyte = bytes('x'.repeat(1024 * 1024))
    expect(() => readAll([bytes('data: '), ...Array.from({ length: 6 }, () => mebibyte)])).toThrow()
  })

  test('ends without a body', () => {
    expect(summary(readAll([]))).toEqual([])
  })
})
