import { describe, expect, test } from 'vitest'
import { answerParser, DONE } from './answer-parser.js'
import { CollectingListener } from './testing/collecting-listener.js'
import { endChunk, sse, textChunk } from './testing/fault-server.js'

const bytes = (text: string): Buffer => Buffer.from(text)

/** What the events of an answer say, in short. */
function readAll(chunks: readonly Buffer[], isInOnePiece = false): readonly unknown[] {
  const listener = new CollectingListener()
  const parser = answerParser(isInOnePiece, listener)
  for (const chunk of chunks) parser.push(chunk)
  parser.end()
  return listener.summary
}

const ANSWER = `: ok\r\n\r\n${sse(textChunk('Grüße 👋 '))}event: x\r\ndata: ${JSON.stringify(textChunk('漢字'))}\r\rdata:${JSON.stringify(endChunk('length'))}\n\n${sse(DONE)}`
const SEEN = ['Grüße 👋 ', '漢字', 'length', DONE]

describe('an answer', () => {
  test('reads the same events wherever the bytes are cut', () => {
    const all = bytes(ANSWER)
    for (let cut = 0; cut <= all.length; cut++)
      expect(readAll([all.subarray(0, cut), all.subarray(cut)]), `cut at ${cut}`).toEqual(SEEN)
  })

  test('reads the same events byte by byte', () => {
    const single = Array.from(bytes(ANSWER), (byte) => Buffer.of(byte))
    expect(readAll(single)).toEqual(SEEN)
  })

  test('reads events of one shape the same wherever they are cut, also several at once and other ones between them', () => {
    const words = ['one ', 'zwö ', '"', '👋', ' four', '\n', '漢字', '']
    const all = bytes(
      `${words.map((word) => sse(textChunk(word))).join('')}: hb\n\n${sse(textChunk('end'))}${sse(DONE)}`,
    )
    const whole = readAll([all])
    expect(whole.filter(Boolean)).toEqual([...words.filter(Boolean), 'end', DONE])
    for (let size = 1; size < all.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
        all.subarray(index * size, (index + 1) * size),
      )
      expect(readAll(pieces), `pieces of ${size}`).toEqual(whole)
    }
  })

  test('reads no more than the part of the bytes that it is lent', () => {
    const listener = new CollectingListener()
    const parser = answerParser(false, listener)
    const lent = bytes(`###${sse(textChunk('a'))}${sse(textChunk('b'))}###`)
    const first = lent.indexOf('\n\n') + 2
    parser.push(lent, 3, first)
    expect(listener.summary).toEqual(['a'])
    parser.push(lent, first, lent.length - 3)
    expect(listener.summary).toEqual(['a', 'b'])
  })

  test('reads a last event without the blank line after it', () => {
    for (const end of ['', '\n', '\r\n'])
      expect(readAll([bytes(`${sse(textChunk('a'))}data: [DONE]${end}`)])).toEqual(['a', DONE])
  })

  test('skips a byte order mark, comments and fields it does not know', () => {
    const text = `\uFEFF: hello\nfoo: bar\nid: 7\nretry: 10\nnonsense\n${sse(textChunk('a'))}`
    expect(readAll([bytes(text)])).toEqual(['a'])
  })

  test('takes no mark of the order of bytes in the middle for one, and no part of a letter for whole', () => {
    const [familiar, other] = [sse(textChunk('a')), ': hb\n\n']
    const marked = `\uFEFF${sse(textChunk('lost'))}`
    const all = bytes(`${other}${familiar.repeat(3)}${marked}${familiar}: 👋\n\n${familiar}`)
    for (let size = 1; size < all.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
        all.subarray(index * size, (index + 1) * size),
      )
      expect(readAll(pieces), `pieces of ${size}`).toEqual(['a', 'a', 'a', 'a', 'a'])
    }
  })

  test('joins data lines of one event', () => {
    const lines = JSON.stringify(textChunk('a'), null, 1)
      .split('\n')
      .map((line) => `data: ${line}\n`)
    expect(readAll([bytes(`${lines.join('')}\n`)])).toEqual(['a'])
  })

  test('reads an answer that is not streamed', () => {
    const whole = { choices: [{ message: { content: 'All of it 👋' }, finish_reason: 'stop' }] }
    const single = Array.from(bytes(JSON.stringify(whole)), (byte) => Buffer.of(byte))
    expect(readAll(single, true)).toEqual(['All of it 👋', DONE])
  })

  test('fails on what is no JSON object', () => {
    for (const data of ['{"choices":', 'null', '7', '<html>', '[]'])
      expect(() => readAll([bytes(sse(data))])).toThrow()
    expect(() => readAll([bytes('<html>')], true)).toThrow()
  })

  test('fails on an event without end instead of keeping it', () => {
    const mebibyte = bytes('x'.repeat(1024 * 1024))
    expect(() => readAll([bytes('data: '), ...Array.from({ length: 6 }, () => mebibyte)])).toThrow()
  })

  test('tells what is whole before what is broken, and nothing behind the last word', () => {
    const listener = new CollectingListener()
    const parser = answerParser(false, listener)
    const [first, second] = [sse(textChunk('a')), sse(textChunk('b'))]
    expect(() => parser.push(bytes(`${first}${second}${sse('<html>')}`))).toThrow()
    expect(listener.summary).toEqual(['a', 'b'])
    expect(readAll([bytes(`${first}${sse(DONE)}${second}${sse('<html>')}`), bytes(second)])).toEqual([
      'a',
      DONE,
    ])
  })

  test('ends without a body', () => {
    expect(readAll([])).toEqual([])
  })
})
