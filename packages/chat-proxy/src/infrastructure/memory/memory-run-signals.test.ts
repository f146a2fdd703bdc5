import { describe, expect, test, vi } from 'vitest'
import { runSignalsSuite } from '../../domain/ports/run-signals.suite.js'
import { MemoryRunSignals } from './memory-run-signals.js'

runSignalsSuite('memory', async () => {
  const signals = new MemoryRunSignals()
  return { asking: signals, listening: signals, close: () => Promise.resolve() }
})

const run = { tenantId: 'acme', runId: 'r_000001' }

describe('MemoryRunSignals', () => {
  test('remembers a bounded number of early stops, the newest', async () => {
    const signals = new MemoryRunSignals()
    const [oldest, newest] = [vi.fn(), vi.fn()]
    for (let i = 0; i <= 1000; i++) await signals.requestStop({ ...run, runId: `r_${i}` })
    signals.onStop({ ...run, runId: 'r_0' }, oldest)
    signals.onStop({ ...run, runId: 'r_1000' }, newest)
    await Promise.resolve()
    expect(oldest).not.toHaveBeenCalled()
    expect(newest).toHaveBeenCalledTimes(1)
  })

  test('knows whether a run is awaited', async () => {
    const signals = new MemoryRunSignals()
    expect(signals.isAwaited(run)).toBe(false)
    const off = signals.onStop(run, () => {})
    expect(signals.isAwaited(run)).toBe(true)
    off()
    expect(signals.isAwaited(run)).toBe(false)
  })

  test('a listener that throws does not keep the others from hearing, and the caller learns of it', async () => {
    const signals = new MemoryRunSignals()
    const after = vi.fn()
    signals.onStop(run, () => {
      throw new Error('broken')
    })
    signals.onStop(run, after)
    await expect(signals.requestStop(run)).rejects.toThrow(AggregateError)
    expect(after).toHaveBeenCalledTimes(1)
  })
})
