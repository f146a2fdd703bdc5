import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runLogSuite } from '../../domain/ports/run-log.suite.js'
import { RunLogGap, RunLogTakenOver, type RunLog, type RunLogWriter } from '../../domain/ports/run-log.js'
import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import { SystemClock } from '../time/system-clock.js'
import { RedisConnection } from './redis-connection.js'
import { RedisRunLog } from './redis-run-log.js'
import { newPrefix, removeKeys, TEST_REDIS_URL } from './testing/test-redis.js'

const OPENED: RunEvent = { type: 'opened', model: 'm' }
const CLOSED: RunEvent = { type: 'closed' }
const delta = (text: string): RunEvent => ({ type: 'text-delta', text })
const never = new AbortController().signal
const newRun = (): RunRef => ({ tenantId: 'acme', runId: `r-${randomUUID()}` })

describe.skipIf(!TEST_REDIS_URL)('Redis (needs TEST_REDIS_URL)', () => {
  const prefix = newPrefix()
  const opened: { log: RedisRunLog; connection: RedisConnection }[] = []
  afterAll(() => removeKeys(prefix))

  /** A log as one process has it. */
  const open = async (retention?: number): Promise<RedisRunLog> => {
    const connection = await RedisConnection.open({ url: TEST_REDIS_URL, prefix })
    const options = { connection, clock: new SystemClock() }
    const log = new RedisRunLog(retention === undefined ? options : { ...options, retention })
    opened.push({ log, connection })
    return log
  }
  const closeAll = async (): Promise<void> => {
    for (const { log, connection } of opened.splice(0)) {
      await log.close()
      connection.close()
    }
  }

  runLogSuite('Redis', async () => ({ log: await open(), close: closeAll }))

  runLogSuite('Redis, written by one process and read by another', async () => {
    const [writing, reading] = [await open(), await open()]
    const log: RunLog = {
      outlivesWriter: writing.outlivesWriter,
      writer: (run) => writing.writer(run),
      lastSeq: (run) => reading.lastSeq(run),
      follow: (run, after, signal) => reading.follow(run, after, signal),
      conclude: (run, after, events) => reading.conclude(run, after, events),
      forget: (runs) => reading.forget(runs),
    }
    return { log, close: closeAll }
  })

  describe('RedisRunLog', () => {
    let redis: Redis
    beforeAll(() => {
      redis = new Redis(TEST_REDIS_URL)
    })
    afterAll(() => redis.quit())
    afterEach(closeAll)

    let run: RunRef
    beforeEach(() => {
      run = newRun()
    })

    const write = async (writer: RunLogWriter, ...events: RunEvent[]): Promise<void> => {
      for (const event of events) writer.append(event)
      await writer.flush()
    }
    const readAll = async (log: RunLog, after = 0): Promise<LoggedEvent[]> => {
      const all: LoggedEvent[] = []
      for await (const batch of log.follow(run, after, never)) all.push(...batch)
      return all
    }
    const keysOf = async (): Promise<string[]> => (await redis.keys(`${prefix}*${run.runId}*`)).toSorted()

    test('refuses a second writer in another process, and keeps what the first wrote', async () => {
      const [first, second] = [await open(), await open()]
      const writer = first.writer(run)
      await write(writer, OPENED, delta('mine'))
      await expect(write(second.writer(run), OPENED, delta('theirs'))).rejects.toThrow(RunLogTakenOver)
      await write(writer, CLOSED)
      expect((await readAll(second)).map(({ event }) => event)).toEqual([OPENED, delta('mine'), CLOSED])
    })

    test('refuses a second writer in the same process at once', async () => {
      const log = await open()
      log.writer(run)
      expect(() => log.writer(run)).toThrow()
    })

    test('a writer that was taken over sends its readers on to what was written instead', async () => {
      const [mine, other] = [await open(), await open()]
      const writer = mine.writer(run)
      await write(writer, OPENED, delta('a'))
      const reading = readAll(mine)
      await other.conclude(run, 2, [CLOSED])
      writer.append(delta('late'))
      expect((await reading).map(({ event }) => event)).toEqual([OPENED, delta('a'), CLOSED])
    })

    test('keeps a closed log for 15 minutes and an open one for a day', async () => {
      const log = await open()
      const writer = log.writer(run)
      await write(writer, OPENED)
      const keys = await keysOf()
      expect(keys).toHaveLength(2)
      for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(23 * 3_600_000)
      await write(writer, CLOSED)
      for (const key of keys) {
        const left = await redis.pttl(key)
        expect(left).toBeGreaterThan(14 * 60_000)
        expect(left).toBeLessThanOrEqual(15 * 60_000)
      }
    })

    test('a concluded log goes after the same time', async () => {
      const log = await open(60_000)
      await write(log.writer(run), OPENED)
      await log.conclude(run, 1, [CLOSED])
      for (const key of await keysOf()) expect(await redis.pttl(key)).toBeLessThanOrEqual(60_000)
    })

    test('forgets a log that has expired', async () => {
      const log = await open()
      await write(log.writer(run), OPENED, CLOSED)
      await redis.del(await keysOf())
      expect(await log.lastSeq(run)).toBeNull()
      await expect(readAll(log, 2)).rejects.toThrow(RunLogGap)
    })

    test('gives the ids of the entries the sequence numbers of the run', async () => {
      const log = await open()
      await write(log.writer(run), OPENED, ...Array.from({ length: 1200 }, (_, i) => delta(`${i}`)), CLOSED)
      const [key] = await keysOf()
      const entries = await redis.xrange(key ?? '', '-', '+')
      expect(entries.map(([id]) => id)).toEqual(Array.from({ length: 1202 }, (_, i) => `${i + 1}-0`))
    })

    test('sends again what a Redis that lost its data lacks', async () => {
      const [mine, other] = [await open(), await open()]
      const writer = mine.writer(run)
      await write(writer, OPENED, delta('a'), delta('b'))
      await redis.del(await keysOf())
      await write(writer, delta('c'), CLOSED)
      expect((await readAll(other)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    })

    test('knows a run from its writer on, and lets readers wait for the first event', async () => {
      const log = await open()
      const writer = log.writer(run)
      expect(await log.lastSeq(run)).toBe(0)
      const reading = readAll(log)
      await write(writer, CLOSED)
      expect(await reading).toHaveLength(1)
    })

    test('tells runs apart whose ids would run into each other', async () => {
      const log = await open()
      const one = { tenantId: 'a","b', runId: 'c' }
      const two = { tenantId: 'a', runId: 'b","c' }
      await write(log.writer({ ...one, runId: `c${run.runId}` }), OPENED, CLOSED)
      expect(await log.lastSeq({ ...two, runId: `b","c${run.runId}` })).toBeNull()
    })

    test('many runs at once, each with readers in another process, arrive whole', async () => {
      const [writing, reading] = [await open(), await open()]
      const runs = Array.from({ length: 40 }, newRun)
      const readers = runs.map(async (each) => {
        const writer = writing.writer(each)
        await write(writer, OPENED)
        const all: number[] = []
        const done = (async () => {
          for await (const batch of reading.follow(each, 0, never)) all.push(...batch.map(({ seq }) => seq))
        })()
        for (let i = 0; i < 50; i++) {
          writer.append(delta(`${i}`))
          await new Promise((resolve) => setImmediate(resolve))
        }
        await write(writer, CLOSED)
        await done
        return all
      })
      for (const seen of await Promise.all(readers))
        expect(seen).toEqual(Array.from({ length: 52 }, (_, i) => i + 1))
    })
  })
})
