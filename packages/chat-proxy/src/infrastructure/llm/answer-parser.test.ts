import { describe, expect, test } from 'vitest'
import { answerParser, DONE, type AnswerEvent } from './answer-parser.js'
import { endChunk, sse, textChunk } from './testing/fault-server.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function readAll(chunks: readonly Uint8Array[], type = 'text/event-stream'): AnswerEvent[] {
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
    const single = Array.from(bytes(ANSWER), (byte) => Uint8Array.of(byte))
    expect(summary(readAll(single))).toEqual(SEEN)
  })

  test('reads a last event without the blank line after it', () => {
    for (const end of ['', '\n', '\r\n'])
      expect(summary(readAll([bytes(`${sse(textChunk('a'))}data: [DONE]${end}`)]))).toEqual(['a', DONE])
  })

  test('skips a byte order mark, comments and fields it does not know', () => {
    const text = `\uFEFF: hello\nfoo: bar\nid: 7\nretry: 10\nnonsense\n${sse(textChunk('a'))}`
    expect(summary(readAll([bytes(text)]))).toEqual(['a'])
  })

  test('joins data lines of one event', () => {
    const lines = JSON.stringify(textChunk('a'), null, 1)
      .split('\n')
      .map((line) => `data: ${line}\n`)
    expect(summary(readAll([bytes(`${lines.join('')}\n`)]))).toEqual(['a'])
  })

  test('reads an answer that is not streamed', () => {
    const whole = { choices: [{ message: { content: 'All of it 👋' }, finish_reason: 'stop' }] }
    const single = Array.from(bytes(JSON.stringify(whole)), (byte) => Uint8Array.of(byte))
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
