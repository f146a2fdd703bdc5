import { describe, expect, it } from 'vitest'
import type { ChatCompletionChunk } from '../protocol/index.js'
import { applyEvent } from './apply-event.js'
import { newProgress, type RunProgress } from './run-progress.js'

const chunk = (part: Partial<ChatCompletionChunk>): string =>
  JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [], ...part })

const delta = (content: string | null): string =>
  chunk({ choices: [{ index: 0, delta: { content: content as string }, finish_reason: null }] }) // null is what some send

const ids = { run_id: 'r_000001', conversation_id: 'c_1', user_message_id: 'm_1', message_id: 'a_1' }

function applied(...events: readonly [number, string][]): RunProgress {
  const progress = newProgress('r_000001')
  for (const [seq, data] of events) applyEvent(progress, seq, data)
  return progress
}

describe('applying events to a run', () => {
  it('appends text in order and takes each event once', () => {
    const progress = applied(
      [1, delta('a')],
      [2, delta('b')],
      [2, delta('b')],
      [1, delta('a')],
      [3, delta('c')],
    )
    expect(progress).toMatchObject({ text: 'abc', seq: 3, end: null })
  })

  it('keeps the newest of what is told beside the words', () => {
    const queued = (position: number): string => chunk({ colloquy: { ...ids, queue: { position } } })
    const titled = chunk({ colloquy: { ...ids, title: 'Shoes' } })
    const { told } = applied([1, queued(2)], [2, titled], [3, queued(1)])
    expect(told).toMatchObject({ title: 'Shoes', queue: { position: 1 } })
  })

  it('refuses an event whose predecessor is missing, and changes nothing', () => {
    const progress = applied([1, delta('a')])
    expect(() => applyEvent(progress, 3, delta('c'))).toThrow(
      expect.objectContaining({ code: 'protocol', retryable: true }),
    )
    expect(progress).toMatchObject({ text: 'a', seq: 1 })
  })

  it('refuses what is not JSON, and changes nothing', () => {
    const progress = applied([1, delta('a')])
    for (const data of ['{"choices":', 'null', '"text"', '']) {
      expect(() => applyEvent(progress, 2, data)).toThrow(expect.objectContaining({ code: 'protocol' }))
    }
    expect(progress).toMatchObject({ text: 'a', seq: 1 })
  })

  it('ends by a terminal status and by nothing else', () => {
    const progress = applied(
      [1, delta('a')],
      [2, chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })],
      [3, '[DONE]'],
    )
    expect(progress.end).toBeNull()
    applyEvent(progress, 4, chunk({ colloquy: { ...ids, status: 'completed' } }))
    expect(progress.end).toEqual({ status: 'completed', error: null })
  })

  it('keeps the first end', () => {
    const progress = applied(
      [1, chunk({ colloquy: { ...ids, status: 'stopped' } })],
      [2, chunk({ colloquy: { ...ids, status: 'completed' } })],
    )
    expect(progress.end?.status).toBe('stopped')
  })

  it('replaces the text by a snapshot, also one that stands behind', () => {
    const progress = applied([1, delta('a')], [2, delta('b')], [3, delta('c')])
    applyEvent(progress, 2, chunk({ colloquy: { ...ids, status: 'interrupted', resync: { content: 'ab' } } }))
    expect(progress).toMatchObject({ text: 'ab', seq: 2, end: { status: 'interrupted' } })
  })

  it('takes null content, missing choices and unknown fields as nothing', () => {
    const progress = applied([1, delta(null)], [2, '{"what":"ever"}'], [3, chunk({ choices: [] })])
    expect(progress).toMatchObject({ text: '', seq: 3, end: null })
  })

  it('takes an event that is here already as nothing, whatever word it brings', () => {
    const progress = applied([1, delta('resync')], [2, delta('"resync":')], [1, delta('resync')])
    applyEvent(progress, 2, delta('"resync":'))
    expect(progress).toMatchObject({ text: 'resync"resync":', seq: 2 })
  })
})
