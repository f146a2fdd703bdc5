import { beforeEach, expect, test, vi } from 'vitest'
import type { ControlSignals } from '../../domain/ports/index.js'
import { MemoryControlSignals } from '../../infrastructure/memory/memory-control-signals.js'
import { PinoLogger } from '../../infrastructure/logging/pino-logger.js'
import { FakeClock } from '../../infrastructure/time/testing/fake-clock.js'
import { WatchControl } from './watch-control.js'

let clock: FakeClock
let revision: number | Error
let isShared: boolean
let logLines: string[]
const refreshed = { refresh: vi.fn(() => Promise.resolve()) }
let signals: MemoryControlSignals
let logger: PinoLogger
let watch: WatchControl

beforeEach(() => {
  clock = new FakeClock()
  revision = 0
  isShared = true
  logLines = []
  refreshed.refresh.mockClear()
  signals = new MemoryControlSignals()
  const controlRevision = {
    current: () => (revision instanceof Error ? Promise.reject(revision) : Promise.resolve(revision)),
    isShared: () => isShared,
  }
  logger = new PinoLogger({ level: 'warn', destination: { write: (line) => void logLines.push(line) } })
  watch = new WatchControl({ controlRevision, controlSignals: signals, clock, logger }, [refreshed])
})

test('reads at the start, and again only when something changed', async () => {
  await watch.start()
  expect(refreshed.refresh).toHaveBeenCalledTimes(1)
  await clock.advanceAsync(5_000)
  expect(refreshed.refresh).toHaveBeenCalledTimes(1)
  revision = 1
  await clock.advanceAsync(1_000)
  expect(refreshed.refresh).toHaveBeenCalledTimes(2)
  await watch.stop()
})

test('looks often where nobody tells, and seldom where others are heard or there are none', async () => {
  const current = vi.fn(() => Promise.resolve(0))
  const controlRevision = { current, isShared: () => isShared }
  const of = (controlSignals: ControlSignals): WatchControl =>
    new WatchControl({ controlRevision, controlSignals, clock, logger }, [])
  const looksOf = async (watched: WatchControl): Promise<number> => {
    await watched.start()
    current.mockClear()
    await clock.advanceAsync(1_000)
    await watched.stop()
    return current.mock.calls.length
  }
  expect(await looksOf(of(signals))).toBe(20)
  const heard = Object.assign(new MemoryControlSignals(), { isHeard: () => true })
  expect(await looksOf(of(heard))).toBe(1)
  isShared = false
  expect(await looksOf(of(signals))).toBe(1)
})

test('whoever comes second is noticed with the next look, and from then on it looks often', async () => {
  isShared = false
  await watch.start()
  isShared = true
  await clock.advanceAsync(1_000)
  revision = 1
  await clock.advanceAsync(50)
  expect(refreshed.refresh).toHaveBeenCalledTimes(2)
  await watch.stop()
})

test('a signal is faster than the next look', async () => {
  await watch.start()
  revision = 1
  await signals.announce()
  await clock.advanceAsync(0)
  expect(refreshed.refresh).toHaveBeenCalledTimes(2)
  await watch.stop()
})

test('a change of this process counts when it is told, and others are told', async () => {
  await watch.start()
  const other = vi.fn()
  signals.onAnnounced(other)
  revision = 1
  await watch.changed()
  expect(refreshed.refresh).toHaveBeenCalledTimes(2)
  expect(other).toHaveBeenCalledTimes(1)
  await watch.stop()
})

test('while the store is away what was known holds; it is told once, and made up for', async () => {
  await watch.start()
  revision = new Error('away')
  await clock.advanceAsync(3_000)
  expect(logLines).toHaveLength(1)
  revision = 1
  await clock.advanceAsync(1_000)
  expect(refreshed.refresh).toHaveBeenCalledTimes(2)
  await watch.stop()
})

test('what could not be read is read with the next look', async () => {
  await watch.start()
  revision = 1
  refreshed.refresh.mockRejectedValueOnce(new Error('away'))
  await clock.advanceAsync(1_000)
  await clock.advanceAsync(1_000)
  expect(refreshed.refresh).toHaveBeenCalledTimes(3)
  await watch.stop()
})

test('leaves nothing armed', async () => {
  await watch.start()
  await watch.stop()
  expect(clock.pending).toBe(0)
})
