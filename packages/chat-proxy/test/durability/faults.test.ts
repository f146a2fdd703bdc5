import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
import { ANSWER, once, Scene } from './ask-through.js'

const HTML = { 'content-type': 'text/html' }

const HEALED: readonly [name: string, fault: (count: number) => RelayFault | null][] = [
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

describe('a question over a bad line, on real sockets', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await Scene.open()
  })
  afterAll(() => scene.close())

  it.each(HEALED)('is answered in full, by one generation, after %s', async (_name, fault) => {
    const { status, message, generations } = await scene.ask(fault)
    expect({ status, text: message.content, generations }).toEqual({
      status: 'done',
      text: ANSWER,
      generations: 1,
    })
  })

  it.each<[string, () => RelayFault, string]>([
    ['200 with HTML', () => answer(200, HTML, '<html></html>'), 'protocol'],
    ['401', () => answer(401), 'auth'],
    ['429', () => answer(429), 'rate_limited'],
    ['500', () => answer(500), 'upstream'],
  ])('fails with its code and no generation when there is only %s', async (_name, fault, code) => {
    const { status, error, generations } = await scene.ask(() => fault())
    expect({ status, code: error?.code, generations }).toEqual({ status: 'failed', code, generations: 0 })
  })

  it('loses and doubles nothing when the answer is cut at any place', async () => {
    // Every byte is cut by the long run (`pnpm bench`); a prime step visits all kinds of places here.
    for (let at = 1; at < 16_000; at += 211) {
      const { message, generations } = await scene.ask(
        once(() => cutAfter(at, at % 2 === 0 ? 'end' : 'reset')),
      )
      expect(message.content === ANSWER && generations === 1, `cut at byte ${at}`).toBe(true)
    }
  }, 60_000)
})
