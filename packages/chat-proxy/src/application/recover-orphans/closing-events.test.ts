import { describe, expect, test } from 'vitest'
import { closingEvents } from './closing-events.js'
import type { LogReading } from './read-log.js'

const reading = (over: Partial<LogReading> = {}): LogReading => ({
  lastSeq: 4,
  text: 'Half an ',
  isTextOpen: true,
  isReasoningOpen: false,
  hasTextEnd: false,
  ended: null,
  ...over,
})
const end = (status: 'completed' | 'interrupted', content: string) =>
  ({ status, content, usage: null, error: null }) as const
const ENDED = { type: 'ended', usage: null, error: null } as const
const CLOSED = { type: 'closed' } as const

describe('closingEvents', () => {
  test('tells the end', () => {
    expect(closingEvents(reading(), end('interrupted', 'Half an '))).toEqual([
      { ...ENDED, status: 'interrupted' },
      CLOSED,
    ])
  })

  test('gives the rest of a text whose writer died before it was all in the log', () => {
    expect(closingEvents(reading(), end('completed', 'Half an answer.'))).toEqual([
      { type: 'text-delta', text: 'answer.' },
      { type: 'text-end', finishReason: 'stop' },
      { ...ENDED, status: 'completed' },
      CLOSED,
    ])
  })

  test('opens the text, and closes the thoughts before it, where the log has not come that far', () => {
    const log = reading({ text: '', isTextOpen: false, isReasoningOpen: true })
    expect(closingEvents(log, end('interrupted', 'Half')).map(({ type }) => type)).toEqual([
      'reasoning-end',
      'text-start',
      'text-delta',
      'ended',
      'closed',
    ])
  })

  test('does not end a text twice, nor leave it open when it is whole', () => {
    const types = (log: LogReading) =>
      closingEvents(log, end('completed', 'Half an ')).map(({ type }) => type)
    expect(types(reading({ hasTextEnd: true }))).toEqual(['ended', 'closed'])
    expect(types(reading())).toEqual(['text-end', 'ended', 'closed'])
  })

  test('adds no text to a log that has more or other text than the store', () => {
    for (const stored of ['Half', 'Other text'])
      expect(closingEvents(reading(), end('interrupted', stored))).toHaveLength(2)
  })

  test('only closes a log that tells the end already', () => {
    const log = reading({ ended: { ...ENDED, status: 'failed' } })
    expect(closingEvents(log, end('completed', 'Half an answer.'))).toEqual([CLOSED])
  })
})
