import { describe, expect, test } from 'vitest'
import { FakeClock } from '../time/testing/fake-clock.js'
import { AnswerStream, DONE, type AnswerEvent } from './answer-stream.js'
import { endChunk, sse, textChunk } from './testing/fault-server.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const responseOf = (chunks: readonly Uint8Array[], type = 'text/event-stream'): Response =>
  new Response(ReadableStream.from(chunks), { headers: { 'content-type': type } })

async function readAll(response: Response): Promise<AnswerEvent[]> {
  const stream = new AnswerStream(response)
  const events: AnswerEvent[] = []
  for (let batch = await stream.read(); batch; batch = await stream.read()) events.push(...batch)
  return events
}

const summary = (events: readonly AnswerEvent[]): unknown[] =>
  events.map((event) => (event === DONE ? DONE : event.text || event.finishReason))

const ANSWER = `: ok\r\n\r\n${sse(textChunk('Grüße 👋 '))}event: x\r\ndata: ${JSON.stringify(textChunk('漢字'))}\r\rdata:${JSON.stringify(endChunk('length'))}\n\n${sse(DONE)}`
const SEEN = ['Grüße 👋 ', '漢字', 'length', DONE]

describe('AnswerStream', () => {
  test('reads the same events wherever the bytes are cut', async () => {
    const all = bytes(ANSWER)
    for (let cut = 0; cut <= all.length; cut++)
      expect(
        summary(await readAll(responseOf([all.subarray(0, cut), all.subarray(cut)]))),
        `cut at ${cut}`,
      ).toEqual(SEEN)
  })

  test('reads the same events byte by byte', async () => {
    const single = Array.from(bytes(ANSWER), (byte) => Uint8Array.of(byte))
    expect(summary(await readAll(responseOf(single)))).toEqual(SEEN)
  })

  test('reads a last event without the blank line after it', async () => {
    for (const end of ['', '\n', '\r\n'])
      expect(summary(await readAll(responseOf([bytes(`${sse(textChunk('a'))}data: [DONE]${end}`)])))).toEqual(
        ['a', DONE],
      )
  })

  test('skips a byte order mark, comments and fields it does not know', async () => {
    const text = `\uFEFF: hello\nfoo: bar\nid: 7\nretry: 10\nnonsense\n${sse(textChunk('a'))}`
    expect(summary(await readAll(responseOf([bytes(text)])))).toEqual(['a'])
  })

  test('joins data lines of one event', async () => {
    const lines = JSON.stringify(textChunk('a'), null, 1)
      .split('\n')
      .map((line) => `data: ${line}\n`)
    expect(summary(await readAll(responseOf([bytes(`${lines.join('')}\n`)])))).toEqual(['a'])
  })

  test('reads an answer that is not streamed', async () => {
    const whole = { choices: [{ message: { content: 'All' }, finish_reason: 'stop' }] }
    const response = responseOf([bytes(JSON.stringify(whole))], 'application/json; charset=utf-8')
    expect(summary(await readAll(response))).toEqual(['All', DONE])
  })

  test('fails on what is no JSON object', async () => {
    for (const data of ['{"choices":', 'null', '7', '<html>', '[]'])
      await expect(readAll(responseOf([bytes(sse(data))]))).rejects.toThrow()
    await expect(readAll(responseOf([bytes('<html>')], 'application/json'))).rejects.toThrow()
  })

  test('fails on an event without end instead of keeping it', async () => {
    const mebibyte = bytes('x'.repeat(1024 * 1024))
    await expect(
      readAll(responseOf([bytes('data: '), ...Array.from({ length: 6 }, () => mebibyte)])),
    ).rejects.toThrow()
  })

  test('ends without a body', async () => {
    expect(
      summary(await readAll(new Response(null, { headers: { 'content-type': 'text/event-stream' } }))),
    ).toEqual([])
  })

  test('draining waits for the end of the body, but not for ever', async () => {
    const clock = new FakeClock()
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes(sse(DONE))),
      cancel: () => void (cancelled = true),
    })
    const stream = new AnswerStream(new Response(endless))
    expect(await stream.read()).toEqual([DONE])
    stream.drain(clock)
    await clock.advanceAsync(999)
    expect(cancelled).toBe(false)
    await clock.advanceAsync(1)
    expect(cancelled).toBe(true)
    expect(clock.pending).toBe(0)
  })

  test('draining a body that has ended or breaks leaves nothing behind', async () => {
    const clock = new FakeClock()
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('reset')),
    })
    const stream = new AnswerStream(new Response(broken))
    stream.drain(clock)
    await clock.advanceAsync(0)
    expect(clock.pending).toBe(0)
  })
})
