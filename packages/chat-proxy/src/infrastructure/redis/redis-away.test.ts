import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { pourBatches } from '../../domain/pour-batches.js'
import { RunLogUnavailable, type RunLog } from '../../domain/ports/run-log.js'
import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'
import type { RunRef } from '../../domain/run.js'
import { SystemClock } from '../time/system-clock.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { RedisConnection } from './redis-connection.js'
import { redisDependency } from './redis-dependency.js'
import { RedisRunLog } from './redis-run-log.js'
import { RedisRunSignals } from './redis-run-signals.js'
import { HAS_REDIS_SERVER, OwnRedis } from './testing/own-redis.js'

const OPENED: RunEvent = { type: 'opened', model: 'm' }
const CLOSED: RunEvent = { type: 'closed' }
const delta = (text: string): RunEvent => ({ type: 'text-delta', text })
const never = new AbortController().signal

test('starts without Redis, and says that it is away', async () => {
  // Port 1 of the loopback: nothing listens there.
  const connection = await RedisConnection.open({ url: 'redis://:secret@127.0.0.1:1' })
  const failure: unknown = await redisDependency(connection)
    .check()
    .catch((error: unknown) => error)
  connection.close()
  expect(failure).toMatchObject({ code: 'store-unavailable', retryAfter: 1 })
  expect(JSON.stringify(failure) + String(failure)).not.toContain('secret')
})

describe.skipIf(!HAS_REDIS_SERVER)('a Redis that goes away and comes back (needs redis-server)', () => {
  let server: OwnRedis
  let run: RunRef
  const connections: RedisConnection[] = []

  beforeEach(async () => {
    server = await OwnRedis.start()
    run = { tenantId: 'acme', runId: `r-${randomUUID()}` }
  })
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.close()
    await server.remove()
  })

  const changes: boolean[] = []
  const connect = async (): Promise<RedisConnection> => {
    const options = { url: server.url, commandTimeout: 200, onChange: (isUp: boolean) => changes.push(isUp) }
    const connection = await RedisConnection.open(options)
    connections.push(connection)
    return connection
  }
  const openLog = async (maxWaitingEvents = 1000): Promise<RedisRunLog> =>
    new RedisRunLog({ connection: await connect(), clock: new SystemClock(), maxWaitingEvents })
  const readAll = async (log: RunLog, after = 0, of = run): Promise<LoggedEvent[]> => {
    const all: LoggedEvent[] = []
    for await (const batch of log.follow(of, after, never)) all.push(...batch)
    return all
  }
  const eventually = <T>(attempt: () => Promise<T>): Promise<T> =>
    vi.waitFor(attempt, { timeout: 15_000, interval: 50 })
  const seqs = (events: readonly LoggedEvent[]): number[] => events.map(({ seq }) => seq)

  test('a run goes on in its process, and Redis gets all of it when it is back, even empty', async () => {
    const [mine, other] = [await openLog(), await openLog()]
    const writer = mine.writer(run)
    writer.append(OPENED)
    await writer.flush()
    const reading = readAll(mine)
    await server.kill()
    for (const text of ['a', 'b', 'c']) writer.append(delta(text))
    await expect(writer.flush()).rejects.toThrow(RunLogUnavailable)
    expect(await mine.lastSeq(run)).toBe(4)
    writer.append(CLOSED)
    expect(seqs(await reading)).toEqual([1, 2, 3, 4, 5])
    expect(seqs(await readAll(mine, 2))).toEqual([3, 4, 5])
    await expect(other.lastSeq(run)).rejects.toThrow(RunLogUnavailable)
    await server.start()
    expect(seqs(await eventually(() => readAll(other)))).toEqual([1, 2, 3, 4, 5])
    expect(seqs(await readAll(mine))).toEqual([1, 2, 3, 4, 5])
  })

  test('a reader in another process learns of it, and later goes on where it was', async () => {
    const [mine, other] = [await openLog(), await openLog()]
    const writer = mine.writer(run)
    writer.append(OPENED)
    await writer.flush()
    const reader = other.follow(run, 0, never)[Symbol.asyncIterator]()
    expect(await reader.next()).toMatchObject({ value: [{ seq: 1 }] })
    // Handled from the start, because it may fail while nobody waits for it yet.
    const next = reader.next().catch(() => null)
    await server.kill()
    await server.start()
    writer.append(delta('a'))
    writer.append(CLOSED)
    // It may hold out over a short absence; what matters is that nothing is missing or doubled.
    const result = await next
    const rest =
      result === null
        ? await eventually(() => readAll(other, 1))
        : [...(result.done ? [] : result.value), ...(await drain(reader))]
    expect(seqs(rest)).toEqual([2, 3])
  })

  test('a Redis that hangs holds nobody up, and a batch whose answer was lost is not doubled', async () => {
    const [mine, other] = [await openLog(), await openLog()]
    const writer = mine.writer(run)
    writer.append(OPENED)
    await writer.flush()
    server.pause()
    writer.append(delta('a'))
    await expect(writer.flush()).rejects.toThrow(RunLogUnavailable)
    writer.append(delta('b'))
    writer.append(CLOSED)
    expect(seqs(await readAll(mine))).toEqual([1, 2, 3, 4])
    await expect(other.lastSeq(run)).rejects.toThrow(RunLogUnavailable)
    server.resume()
    const events = await eventually(() => readAll(other))
    expect(events.map(({ event }) => event)).toEqual([OPENED, delta('a'), delta('b'), CLOSED])
  })

  test('readers of this process wait 10 ms for a Redis that is silent, and for none of the events after that', async () => {
    const clock = new FakeClock()
    const mine = new RedisRunLog({ connection: await connect(), clock })
    const writer = mine.writer(run)
    const seen: number[] = []
    const reading = pourBatches(mine.follow(run, 0, never), (events) => void seen.push(...seqs(events)))
    writer.append(OPENED)
    await writer.flush()
    server.pause()
    writer.append(delta('a'))
    await clock.advanceAsync(9)
    expect(seen).toEqual([1])
    await clock.advanceAsync(1)
    expect(seen).toEqual([1, 2])
    writer.append(delta('b'))
    await clock.advanceAsync(0)
    expect(seen).toEqual([1, 2, 3])
    server.resume()
    await writer.flush()
    expect(await (await openLog()).lastSeq(run)).toBe(3)
    server.pause()
    writer.append(delta('c'))
    await clock.advanceAsync(0)
    expect(seen, 'once it has answered it is waited for again').toEqual([1, 2, 3])
    server.resume()
    writer.append(CLOSED)
    await writer.flush()
    await reading
    expect(seen).toEqual([1, 2, 3, 4, 5])
  })

  test('closed logs that wait for Redis are bounded: the one that closed first is given up', async () => {
    const mine = await openLog(10)
    await server.kill()
    const runs = ['a', 'b', 'c'].map((name) => ({ ...run, runId: `${name}-${run.runId}` }))
    for (const each of runs) {
      const writer = mine.writer(each)
      for (const event of [OPENED, delta('x'), delta('y'), CLOSED]) writer.append(event)
      await expect(writer.flush()).rejects.toThrow(RunLogUnavailable)
    }
    await server.start()
    const other = await openLog()
    for (const each of runs.slice(1)) {
      expect(seqs(await eventually(() => readAll(other, 0, each)))).toEqual([1, 2, 3, 4])
    }
    expect(await other.lastSeq(runs[0] ?? run)).toBeNull()
  })

  test('closing delivers what is under way and does not wait for a Redis that is away', async () => {
    const [mine, other] = [await openLog(), await openLog()]
    const writer = mine.writer(run)
    writer.append(OPENED)
    writer.append(CLOSED)
    await mine.close()
    expect(seqs(await readAll(other))).toEqual([1, 2])
    await server.kill()
    other.writer({ ...run, runId: 'unsent' }).append(OPENED)
    await other.close()
  })

  test('a stop reaches its own process without Redis, and nobody else is told that it did', async () => {
    const [mine, other] = [new RedisRunSignals(await connect()), new RedisRunSignals(await connect())]
    const listener = vi.fn()
    mine.onStop(run, listener)
    await server.kill()
    await expect(other.requestStop(run)).rejects.toMatchObject({ code: 'store-unavailable', retryAfter: 1 })
    expect(listener).not.toHaveBeenCalled()
    await mine.requestStop(run)
    expect(listener).toHaveBeenCalledTimes(1)
    mine.close()
    other.close()
  })

  test('stops are heard again when Redis is back', async () => {
    const [mine, other] = [new RedisRunSignals(await connect()), new RedisRunSignals(await connect())]
    const listener = vi.fn()
    mine.onStop(run, listener)
    await server.kill()
    await server.start()
    await eventually(() => other.requestStop(run))
    await expect.poll(() => listener).toHaveBeenCalledTimes(1)
    mine.close()
    other.close()
  })

  test('tells each change of state once', async () => {
    changes.length = 0
    const connection = await connect()
    expect(changes).toEqual([true])
    await server.kill()
    await expect.poll(() => changes).toEqual([true, false])
    await server.start()
    await expect.poll(() => changes).toEqual([true, false, true])
    await redisDependency(connection).check()
  })
})

async function drain(reader: AsyncIterator<readonly LoggedEvent[]>): Promise<LoggedEvent[]> {
  const all: LoggedEvent[] = []
  for (let next = await reader.next(); !next.done; next = await reader.next()) all.push(...next.value)
  return all
}
