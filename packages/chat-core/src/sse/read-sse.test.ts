import { describe, expect, it } from 'vitest'
import { readSse } from './read-sse.js'
import { createSseFeed } from './sse-feed.js'
import { bytes, parse, publicSseCases, splits, SSE_CASES } from './sse-cases.suite.js'

describe('reading server-sent events', () => {
  it.each(SSE_CASES)('gives the same events for $name, wherever the bytes are cut', (one) => {
    for (const chunks of splits(one.bytes, 7)) expect(parse(chunks)).toEqual(one.events)
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

const cases = publicSseCases()

describe.skipIf(cases.length === 0)('the WHATWG event-stream cases in CORPUS_DIR', () => {
  it.each(cases)('$name gives the same events at every split', (one) => {
    for (const chunks of splits(one.bytes, 11)) expect(parse(chunks)).toEqual(one.events)
  })
})
