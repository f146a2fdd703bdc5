import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../domain/run-event.js'
import { FakeClock } from '../../infrastructure/time/testing/fake-clock.js'
import { AnswerLog } from './answer-log.js'

/** One turn of the event loop. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function scene() {
  const events: RunEvent[] = []
  const log = new AnswerLog({ append: (event) => events.push(event), flush: async () => {} }, new FakeClock())
  return { events, log }
}

describe('the log of an answer', () => {
  it('makes one event of all pieces of one turn', async () => {
    const { events, log } = scene()
    for (const piece of ['a', 'b', 'c']) log.text(piece)
    await turn()
    expect(events).toEqual([{ type: 'text-start' }, { type: 'text-delta', text: 'abc' }])
  })

  it('makes events of their own of pieces that come in turns of their own', async () => {
    const { events, log } = scene()
    for (const piece of ['a', 'b']) {
      log.text(piece)
      await turn()
    }
    expect(events.slice(1)).toEqual([
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', text: 'b' },
    ])
  })

  it('keeps the order of reasoning, text and end within one turn', async () => {
    const { events, log } = scene()
    log.reasoning('hm')
    log.text('so')
    log.endText('stop')
    await log.close({ status: 'completed', usage: null, error: null, isStored: true }, 'stop')
    expect(events.map(({ type }) => type)).toEqual([
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-end',
      'ended',
      'closed',
    ])
  })

  it('counts what came in this turn into the newest sequence number', () => {
    const { events, log } = scene()
    log.text('a')
    expect(log.lastSeq).toBe(2)
    log.text('b')
    expect(log.lastSeq).toBe(3)
    expect(events.map((event) => ('text' in event ? event.text : event.type))).toEqual([
      'text-start',
      'a',
      'b',
    ])
  })
})
