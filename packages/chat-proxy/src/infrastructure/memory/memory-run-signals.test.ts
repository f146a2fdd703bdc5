import { describe, expect, test, vi } from 'vitest'
import { MemoryRunSignals } from './memory-run-signals.js'

const run = { tenantId: 'acme', runId: 'r_000001' }

describe('MemoryRunSignals', () => {
  test('tells every listener of the run, once', async () => {
    const signals = new MemoryRunSignals()
    const [first, second] = [vi.fn(), vi.fn()]
    signals.onStop(run, first)
    signals.onStop(run, second)
    await signals.requestStop(run)
    await signals.requestStop(run)
    expect(first).toHaveBeenCalledTimes(1)
    expect(second).toHaveBeenCalledTimes(1)
  })

  test('tells nobody else', async () => {
    const signals = new MemoryRunSignals()
    const [otherRun, otherTenant] = [vi.fn(), vi.fn()]
    signals.onStop({ ...run, runId: 'r_000002' }, otherRun)
    signals.onStop({ ...run, tenantId: 'other' }, otherTenant)
    signals.onStop(run, () => {})
    await signals.requestStop(run)
    expect(otherRun).not.toHaveBeenCalled()
    expect(otherTenant).not.toHaveBeenCalled()
  })

  test('is silent after unsubscribing', async () => {
    const signals = new MemoryRunSignals()
    const [gone, stays] = [vi.fn(), vi.fn()]
    const off = signals.onStop(run, gone)
    signals.onStop(run, stays)
    off()
    off()
    await signals.requestStop(run)
    expect(gone).not.toHaveBeenCalled()
    expect(stays).toHaveBeenCalledTimes(1)
  })

  test('one function subscribed twice is two subscriptions', async () => {
    const signals = new MemoryRunSignals()
    const listener = vi.fn()
    const off = signals.onStop(run, listener)
    signals.onStop(run, listener)
    off()
    await signals.requestStop(run)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('does not lose a stop that comes before the generation listens', async () => {
    const signals = new MemoryRunSignals()
    const listener = vi.fn()
    await signals.requestStop(run)
    signals.onStop(run, listener)
    await Promise.resolve()
    expect(listener).toHaveBeenCalledTimes(1)
    await signals.requestStop(run)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('an early stop does not reach a listener that has unsubscribed', async () => {
    const signals = new MemoryRunSignals()
    const listener = vi.fn()
    await signals.requestStop(run)
    signals.onStop(run, listener)()
    await Promise.resolve()
    expect(listener).not.toHaveBeenCalled()
  })

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
