import { describe, expect, test } from 'vitest'
import { runLogSuite } from '../../domain/ports/run-log.suite.js'
import { RunLogGap } from '../../domain/ports/run-log.js'
import type { RunEvent } from '../../domain/run-event.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { MemoryRunLog } from './memory-run-log.js'

runLogSuite('memory', () =>
  Promise.resolve({ log: new MemoryRunLog({ clock: new FakeClock() }), close: () => Promise.resolve() }),
)

const CLOSED: RunEvent = { type: 'closed' }
const MINUTE = 60_000
const never = new AbortController().signal
const run = (runId: string) => ({ tenantId: 'acme', runId })

/** A closed log of `length` events. */
const fill = (log: MemoryRunLog, runId: string, length: number): void => {
  const writer = log.writer(run(runId))
  for (let i = 1; i < length; i++) writer.append({ type: 'text-delta', text: 'x' })
  writer.append(CLOSED)
}

describe('MemoryRunLog', () => {
  test('drops a closed log after the retention time, and leaves no timer', async () => {
    const clock = new FakeClock()
    const log = new MemoryRunLog({ clock })
    fill(log, 'a', 3)
    clock.advance(15 * MINUTE - 1)
    expect(await log.lastSeq(run('a'))).toBe(3)
    clock.advance(1)
    expect(await log.lastSeq(run('a'))).toBeNull()
    await expect(log.follow(run('a'), 3, never)[Symbol.asyncIterator]().next()).rejects.toThrow(RunLogGap)
    expect(clock.pending).toBe(0)
  })

  test('knows a run from its writer on, and lets readers wait for the first event', async () => {
    const log = new MemoryRunLog({ clock: new FakeClock() })
    const writer = log.writer(run('a'))
    expect(await log.lastSeq(run('a'))).toBe(0)
    const first = log.follow(run('a'), 0, never)[Symbol.asyncIterator]().next()
    writer.append(CLOSED)
    expect(await first).toMatchObject({ value: [{ seq: 1 }] })
  })

  test('never drops a log that is still written', async () => {
    const clock = new FakeClock()
    const log = new MemoryRunLog({ clock, maxClosedEvents: 1 })
    log.writer(run('open')).append({ type: 'opened', model: 'm' })
    fill(log, 'a', 5)
    clock.advance(24 * 60 * MINUTE)
    expect(await log.lastSeq(run('open'))).toBe(1)
    expect(clock.pending).toBe(0)
  })

  test('drops the log that closed first when closed logs grow too many', async () => {
    const clock = new FakeClock()
    const log = new MemoryRunLog({ clock, maxClosedEvents: 10 })
    for (const id of ['a', 'b', 'c']) fill(log, id, 4)
    expect(await Promise.all(['a', 'b', 'c'].map((id) => log.lastSeq(run(id))))).toEqual([null, 4, 4])
    expect(clock.pending).toBe(1)
    clock.advance(15 * MINUTE)
    fill(log, 'd', 10)
    expect(await log.lastSeq(run('d'))).toBe(10)
  })

  test('a reader under way finishes a log that is dropped meanwhile', async () => {
    const clock = new FakeClock()
    const log = new MemoryRunLog({ clock })
    fill(log, 'a', 1200)
    const seen: number[] = []
    for await (const batch of log.follow(run('a'), 0, never)) {
      seen.push(...batch.map(({ seq }) => seq))
      clock.advance(15 * MINUTE)
    }
    expect(seen.length).toBe(1200)
  })

  test('appending to a closed log, and a second writer, are faults of the caller', () => {
    const log = new MemoryRunLog({ clock: new FakeClock() })
    const writer = log.writer(run('a'))
    expect(() => log.writer(run('a'))).toThrow()
    writer.append(CLOSED)
    expect(() => writer.append(CLOSED)).toThrow()
  })
})

describe('poured', () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const delta = (text: string) => ({ type: 'text-delta', text }) as const

  test('gives each batch in the turn in which it comes, and ends with the log', async () => {
    const log = new MemoryRunLog({ clock: new FakeClock() })
    const writer = log.writer(run('a'))
    writer.append({ type: 'text-start' })
    const seen: number[][] = []
    const poured = log
      .follow(run('a'), 0, never)
      .pour?.((events) => void seen.push(events.map(({ seq }) => seq)))
    expect(seen).toEqual([[1]])
    writer.append(delta('a'))
    writer.append(delta('b'))
    await turn()
    expect(seen).toEqual([[1], [2, 3]])
    writer.append({ type: 'closed' })
    await poured
    expect(seen).toEqual([[1], [2, 3], [4]])
  })

  test('gives nothing while the reader has not done with the last batch', async () => {
    const log = new MemoryRunLog({ clock: new FakeClock() })
    const writer = log.writer(run('a'))
    writer.append(delta('a'))
    const seen: number[] = []
    let goOn = (): void => {}
    const poured = log.follow(run('a'), 0, never).pour?.((events) => {
      seen.push(...events.map(({ seq }) => seq))
      return new Promise((resolve) => (goOn = resolve))
    })
    writer.append(delta('b'))
    await turn()
    expect(seen).toEqual([1])
    goOn()
    await turn()
    expect(seen).toEqual([1, 2])
    writer.append({ type: 'closed' })
    goOn()
    await turn()
    goOn()
    await poured
    expect(seen).toEqual([1, 2, 3])
  })

  test('a reader that fails ends its own reading alone', async () => {
    const log = new MemoryRunLog({ clock: new FakeClock() })
    const writer = log.writer(run('a'))
    const seen: number[] = []
    const failing = log.follow(run('a'), 0, never).pour?.(() => {
      throw new Error('broken')
    })
    const other = log
      .follow(run('a'), 0, never)
      .pour?.((events) => void seen.push(...events.map(({ seq }) => seq)))
    writer.append(delta('a'))
    await expect(failing).rejects.toThrow('broken')
    writer.append({ type: 'closed' })
    await other
    expect(seen).toEqual([1, 2])
  })
})
