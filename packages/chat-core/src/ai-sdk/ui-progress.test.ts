import { describe, expect, test } from 'vitest'
import { cursorAfterBreak, newUiProgress, takeEvent } from './ui-progress.js'

const RUN = 'r_0000001'
const start = { type: 'start', messageId: 'a_0000001' }
const delta = (text: string): object => ({ type: 'text-delta', id: 'text', delta: text })

/** Takes events given as `[number, chunk]`. @returns everything that is told */
const take = (
  progress: ReturnType<typeof newUiProgress>,
  ...events: [number, object | string][]
): unknown[] =>
  events.flatMap(([seq, chunk]) =>
    takeEvent(progress, `${RUN}.${seq}`, typeof chunk === 'string' ? chunk : JSON.stringify(chunk)),
  )

describe('the events of an answer', () => {
  test('are told in order, each once', () => {
    const progress = newUiProgress()
    const told = take(
      progress,
      [1, start],
      [2, delta('a')],
      [2, delta('a')],
      [1, delta('x')],
      [3, delta('b')],
    )
    expect(told).toEqual([start, delta('a'), delta('b')])
    expect(cursorAfterBreak(progress, RUN)).toBe(`${RUN}.3`)
  })

  test.each(['finish', 'abort', 'error'])('end with %s and with nothing else', (type) => {
    const progress = newUiProgress()
    take(progress, [1, start], [2, delta('a')])
    expect(progress.ended).toBe(false)
    take(progress, [3, { type }], [4, '[DONE]'])
    expect(progress.ended).toBe(true)
  })

  test('that are missing are asked for again from the last one', () => {
    const progress = newUiProgress()
    take(progress, [1, start], [2, delta('a')])
    expect(() => take(progress, [4, delta('c')])).toThrow(expect.objectContaining({ retryable: true }))
    expect(cursorAfterBreak(progress, RUN)).toBe(`${RUN}.2`)
  })

  test('of a snapshot take back what was told before, and go on behind it', () => {
    const progress = newUiProgress()
    take(progress, [1, start], [2, delta('a')])
    expect(take(progress, [9, start], [9, delta('all')], [10, delta('!')])).toEqual([
      start,
      { type: 'reset-step' },
      delta('all'),
      delta('!'),
    ])
    expect(cursorAfterBreak(progress, RUN)).toBe(`${RUN}.10`)
  })

  test('of a snapshot that broke off are all asked for again', () => {
    const progress = newUiProgress()
    take(progress, [1, start], [2, delta('a')], [9, start])
    expect(cursorAfterBreak(progress, RUN)).toBe(`${RUN}.0`)
  })

  test.each([
    ['no number', '', '{"type":"start"}'],
    ['another run', 'r_0000002.3', '{"type":"text-delta"}'],
    ['no JSON', `${RUN}.2`, '<html>'],
    ['no chunk', `${RUN}.2`, 'null'],
  ])('with %s are refused and change nothing', (_, id, data) => {
    const progress = newUiProgress()
    take(progress, [1, start])
    const before = { ...progress }
    expect(() => takeEvent(progress, id, data)).toThrow(expect.objectContaining({ code: 'protocol' }))
    expect(progress).toEqual(before)
  })
})
