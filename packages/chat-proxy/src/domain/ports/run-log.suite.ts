import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pourBatches } from '../pour-batches.js'
import type { LoggedEvent, RunEvent } from '../run-event.js'
import type { RunRef } from '../run.js'
import { RunLogGap, RunLogTakenOver, type RunLog, type RunLogWriter } from './run-log.js'

export interface OpenRunLog {
  readonly log: RunLog
  close(): Promise<void>
}

/** What every adapter of the run log must do. `open` makes one that works; runs of other tests may be in it. */
export function runLogSuite(name: string, open: () => Promise<OpenRunLog>): void {
  describe(`run log: ${name}`, () => {
    let log: RunLog
    let close: () => Promise<void>
    let run: RunRef
    const never = new AbortController().signal

    beforeEach(async () => {
      const opened = await open()
      log = opened.log
      close = () => opened.close()
      run = newRun()
    })
    afterEach(() => close())

    const readAll = async (after: number, of = run): Promise<LoggedEvent[]> =>
      (await collect(log.follow(of, after, never))).flat()

    test('numbers events from 1 in the order of appending', async () => {
      expect(await write(log.writer(run), OPENED, delta('a'), delta('b'), ENDED, CLOSED)).toEqual([
        1, 2, 3, 4, 5,
      ])
      const events = await readAll(0)
      expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
      expect(events.map(({ event }) => event)).toEqual([OPENED, delta('a'), delta('b'), ENDED, CLOSED])
    })

    test('forgets what it is told to, and nothing else', async () => {
      const other = newRun()
      for (const one of [run, other]) await write(log.writer(one), OPENED, delta('secret'), ENDED, CLOSED)
      await log.forget([run, newRun()])
      expect(await log.lastSeq(run)).toBeNull()
      await expect(readAll(0)).rejects.toBeInstanceOf(RunLogGap)
      expect(await log.lastSeq(other)).toBe(4)
    })

    test('gives back what was written, whatever the text holds', async () => {
      const written: RunEvent[] = [
        OPENED,
        {
          type: 'identified',
          conversationId: 'c_000001',
          userMessageId: 'm_000001',
          messageId: 'm_000002',
          title: 'Größe "quoted" \\ 漢字',
        },
        delta('line\nfeed\r\n\u0000 tab\t'),
        delta('👩‍👩‍👧 e\u0301 \u2028'),
        delta('\ud83d'),
        delta('\ude00'),
        { type: 'text-end', finishReason: 'length' },
        {
          type: 'ended',
          status: 'failed',
          usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
          error: { code: 'upstream_broken', message: 'The answer broke off.', retryable: true },
        },
        CLOSED,
      ]
      await write(log.writer(run), ...written)
      expect((await readAll(0)).map(({ event }) => event)).toEqual(written)
    })

    test('knows the newest sequence number once it is flushed', async () => {
      const writer = log.writer(run)
      await write(writer, OPENED, delta('a'))
      expect(await log.lastSeq(run)).toBe(2)
      await write(writer, ENDED, CLOSED)
      expect(await log.lastSeq(run)).toBe(4)
    })

    test('flushing when nothing was appended is harmless', async () => {
      const writer = log.writer(run)
      await writer.flush()
      await write(writer, OPENED)
      await writer.flush()
      expect(await log.lastSeq(run)).toBe(1)
    })

    test('does not know a run that was never written', async () => {
      expect(await log.lastSeq(newRun())).toBeNull()
      await expect(readAll(0, newRun())).rejects.toThrow(RunLogGap)
    })

    test('replays only what comes after the cursor', async () => {
      await write(log.writer(run), OPENED, delta('a'), delta('b'), ENDED, CLOSED)
      expect((await readAll(3)).map(({ seq }) => seq)).toEqual([4, 5])
    })

    test('ends at once for a reader that has seen the whole closed log', async () => {
      await write(log.writer(run), OPENED, ENDED, CLOSED)
      expect(await readAll(3)).toEqual([])
    })

    test('pours what it gives to a loop, from any place, and nothing while the reader is busy', async () => {
      const writer = log.writer(run)
      await write(writer, OPENED, delta('a'))
      const seen: number[] = []
      let isBusy = false
      const poured = pourBatches(log.follow(run, 1, never), async (events) => {
        expect(isBusy).toBe(false)
        isBusy = true
        await new Promise((resolve) => setImmediate(resolve))
        isBusy = false
        seen.push(...events.map(({ seq }) => seq))
      })
      for (const text of ['b', 'c', 'd']) await write(writer, delta(text))
      await write(writer, ENDED, CLOSED)
      await poured
      expect(seen).toEqual([2, 3, 4, 5, 6, 7])
      await expect(pourBatches(log.follow(run, 8, never), () => {})).rejects.toThrow(RunLogGap)
    })

    test('refuses a cursor ahead of the log', async () => {
      const writer = log.writer(run)
      await write(writer, OPENED)
      await expect(readAll(2)).rejects.toThrow(RunLogGap)
      await write(writer, ENDED, CLOSED)
      await expect(readAll(4)).rejects.toThrow(RunLogGap)
    })

    test('keeps tenants and runs apart', async () => {
      const others = [
        { ...run, tenantId: newRun().tenantId },
        { ...run, runId: newRun().runId },
      ]
      await write(log.writer(run), OPENED, delta('mine'), CLOSED)
      for (const other of others) {
        expect(await log.lastSeq(other)).toBeNull()
        await write(log.writer(other), OPENED, delta('theirs'), CLOSED)
      }
      expect((await readAll(1)).map(({ event }) => event)).toEqual([delta('mine'), CLOSED])
    })

    test('brings live events to a reader that waits', async () => {
      const writer = log.writer(run)
      await write(writer, OPENED)
      const reader = log.follow(run, 0, never)[Symbol.asyncIterator]()
      expect(numbers(await reader.next())).toEqual([1])
      for (const seq of [2, 3, 4]) {
        const next = reader.next()
        await turn()
        await write(writer, delta(`${seq}`))
        expect(numbers(await next)).toEqual([seq])
      }
      const rest = collect({ [Symbol.asyncIterator]: () => reader })
      await write(writer, ENDED, CLOSED)
      expect((await rest).flat().map(({ seq }) => seq)).toEqual([5, 6])
    })

    test('wakes every reader that waits', async () => {
      const writer = log.writer(run)
      await write(writer, OPENED)
      const readers = [0, 0, 1, 1, 1].map((after) => readAll(after))
      await turn()
      await write(writer, delta('a'), ENDED, CLOSED)
      expect((await Promise.all(readers)).map((events) => events.length)).toEqual([4, 4, 3, 3, 3])
    })

    test('never yields an empty batch', async () => {
      await write(log.writer(run), OPENED, delta('a'), ENDED, CLOSED)
      const batches = await collect(log.follow(run, 0, never))
      expect(batches.every((batch) => batch.length > 0)).toBe(true)
    })

    test('a waiting reader ends quietly when its signal aborts', async () => {
      await write(log.writer(run), OPENED)
      const controller = new AbortController()
      const reading = collect(log.follow(run, 1, controller.signal))
      await turn()
      controller.abort()
      expect(await reading).toEqual([])
    })

    test('a reader that comes with an aborted signal gets nothing', async () => {
      await write(log.writer(run), OPENED, CLOSED)
      expect(await collect(log.follow(run, 0, AbortSignal.abort()))).toEqual([])
    })

    test('a reader that leaves does not disturb the others or the writer', async () => {
      const writer = log.writer(run)
      await write(writer, OPENED, delta('a'))
      const staying = readAll(0)
      for await (const batch of log.follow(run, 0, never)) if (batch.length > 0) break
      await write(writer, ENDED, CLOSED)
      expect((await staying).length).toBe(4)
      expect((await readAll(0)).length).toBe(4)
    })

    test('replays a long log completely to a reader that takes its time', async () => {
      const writer = log.writer(run)
      await write(writer, OPENED, ...Array.from({ length: 3000 }, (_, i) => delta(`${i} `)), ENDED, CLOSED)
      const seen: number[] = []
      for await (const batch of log.follow(run, 0, never)) {
        await turn()
        seen.push(...batch.map(({ seq }) => seq))
      }
      expect(seen).toEqual(range(3003))
    })

    describe('concluding', () => {
      const conclude = (after: number, of = run) => log.conclude(of, after, [INTERRUPTED, CLOSED])

      test('appends after the newest event, and readers come to their end', async () => {
        await write(log.writer(run), OPENED, delta('a'))
        const waiting = readAll(1)
        await turn()
        expect(await conclude(2)).toBe(true)
        expect((await waiting).map(({ seq }) => seq)).toEqual([2, 3, 4])
        expect((await readAll(2)).map(({ event }) => event)).toEqual([INTERRUPTED, CLOSED])
      })

      test('shuts the writer out for good', async () => {
        const writer = log.writer(run)
        await write(writer, OPENED)
        await conclude(1)
        for (const event of [delta('late'), ENDED, CLOSED]) expect(writer.append(event)).toBeGreaterThan(1)
        await expect(writer.flush()).rejects.toThrow(RunLogTakenOver)
        expect((await readAll(0)).map(({ event }) => event)).toEqual([OPENED, INTERRUPTED, CLOSED])
      })

      test('does nothing when another event came in between', async () => {
        const writer = log.writer(run)
        await write(writer, OPENED, delta('a'))
        for (const after of [0, 1, 3]) expect(await conclude(after)).toBe(false)
        await write(writer, ENDED, CLOSED)
        expect((await readAll(0)).map(({ event }) => event)).toEqual([OPENED, delta('a'), ENDED, CLOSED])
      })

      test('leaves a closed log as it is', async () => {
        const writer = log.writer(run)
        await write(writer, OPENED, ENDED, CLOSED)
        for (const after of [1, 3]) expect(await conclude(after)).toBe(true)
        await writer.flush()
        expect((await readAll(0)).map(({ event }) => event)).toEqual([OPENED, ENDED, CLOSED])
      })

      test('happens once, however many try at once', async () => {
        await write(log.writer(run), OPENED)
        const tries = await Promise.all(Array.from({ length: 10 }, () => conclude(1)))
        expect(tries.every(Boolean)).toBe(true)
        expect(await readAll(0)).toHaveLength(3)
      })

      test('makes nothing of a log that is not known', async () => {
        const unknown = newRun()
        expect(await conclude(0, unknown)).toBe(false)
        expect(await log.lastSeq(unknown)).toBeNull()
      })
    })

    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
    test(`readers that join, leave and resume anywhere see every event once, in order (SEED=${seed})`, async () => {
      const random = randomFrom(seed)
      const total = 400
      const writer = log.writer(run)
      await write(writer, OPENED)
      const readers = Array.from({ length: 8 }, () => wander(log, run, random))
      for (let left = total - 3; left > 0;) {
        const burst = Math.min(left, 1 + Math.floor(random() * 12))
        for (let i = 0; i < burst; i++) writer.append(delta(`${left - i}`))
        if (random() < 0.7) await writer.flush()
        await turns(random() * 4)
        if (random() < 0.1) readers.push(wander(log, run, random))
        left -= burst
      }
      await write(writer, ENDED, CLOSED)
      for (const seen of await Promise.all(readers)) expect(seen).toEqual(range(total))
    })
  })
}

/** Reads the whole log in many sittings, leaving by `break` or by its signal, and resumes from what it has seen. */
async function wander(log: RunLog, run: RunRef, random: () => number): Promise<number[]> {
  const seen: number[] = []
  for (let isOver = false; !isOver;) {
    const controller = new AbortController()
    let patience = Math.floor(random() * 6)
    for await (const batch of log.follow(run, seen.length, controller.signal)) {
      seen.push(...batch.map(({ seq }) => seq))
      isOver = batch.at(-1)?.event.type === 'closed'
      await turns(random() * 3)
      if (patience-- > 0) continue
      if (random() < 0.5) break
      controller.abort()
    }
    await turns(random() * 5)
  }
  return seen
}

const OPENED: RunEvent = { type: 'opened', model: 'test-model' }
const ENDED: RunEvent = { type: 'ended', status: 'completed', usage: null, error: null }
const INTERRUPTED: RunEvent = { type: 'ended', status: 'interrupted', usage: null, error: null }
const CLOSED: RunEvent = { type: 'closed' }
const delta = (text: string): RunEvent => ({ type: 'text-delta', text })

const newRun = (): RunRef => ({ tenantId: `t-${randomUUID()}`, runId: `r-${randomUUID()}` })
const range = (length: number): number[] => Array.from({ length }, (_, i) => i + 1)
const numbers = (result: IteratorResult<readonly LoggedEvent[]>): number[] =>
  (result.done ? [] : result.value).map(({ seq }) => seq)

async function write(writer: RunLogWriter, ...events: RunEvent[]): Promise<number[]> {
  const numbers = events.map((event) => writer.append(event))
  await writer.flush()
  return numbers
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const turns = async (count: number): Promise<void> => {
  for (let i = 1; i < count; i++) await turn()
}

/** A small generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
