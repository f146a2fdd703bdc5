import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RunRef } from '../run.js'
import type { RunSignals } from './run-signals.js'

export interface OpenRunSignals {
  /** Where stops are asked for. */
  readonly asking: RunSignals
  /** Where generations listen; the same object for an adapter of one process. */
  readonly listening: RunSignals
  close(): Promise<void>
}

/** What every adapter of the stop signals must do. */
export function runSignalsSuite(name: string, open: () => Promise<OpenRunSignals>): void {
  describe(`run signals: ${name}`, () => {
    let signals: OpenRunSignals
    let run: RunRef

    beforeEach(async () => {
      signals = await open()
      run = newRun()
    })
    afterEach(() => signals.close())

    /** Resolves when a stop of a run of its own has gone the same way as all that were asked for before. */
    const arrived = async (): Promise<void> => {
      const probe = newRun()
      const heard = new Promise<void>((resolve) => void signals.listening.onStop(probe, resolve))
      await signals.asking.requestStop(probe)
      await heard
    }

    test('tells every listener of the run, once', async () => {
      const [first, second] = [vi.fn(), vi.fn()]
      signals.listening.onStop(run, first)
      signals.listening.onStop(run, second)
      await signals.asking.requestStop(run)
      await signals.asking.requestStop(run)
      await arrived()
      expect(first).toHaveBeenCalledTimes(1)
      expect(second).toHaveBeenCalledTimes(1)
    })

    test('tells nobody else', async () => {
      const [otherRun, otherTenant] = [vi.fn(), vi.fn()]
      signals.listening.onStop({ ...run, runId: newRun().runId }, otherRun)
      signals.listening.onStop({ ...run, tenantId: 'other' }, otherTenant)
      signals.listening.onStop(run, () => {})
      await signals.asking.requestStop(run)
      await arrived()
      expect(otherRun).not.toHaveBeenCalled()
      expect(otherTenant).not.toHaveBeenCalled()
    })

    test('is silent after unsubscribing', async () => {
      const [gone, stays] = [vi.fn(), vi.fn()]
      const off = signals.listening.onStop(run, gone)
      signals.listening.onStop(run, stays)
      off()
      off()
      await signals.asking.requestStop(run)
      await arrived()
      expect(gone).not.toHaveBeenCalled()
      expect(stays).toHaveBeenCalledTimes(1)
    })

    test('one function subscribed twice is two subscriptions', async () => {
      const listener = vi.fn()
      const off = signals.listening.onStop(run, listener)
      signals.listening.onStop(run, listener)
      off()
      await signals.asking.requestStop(run)
      await arrived()
      expect(listener).toHaveBeenCalledTimes(1)
    })

    test('does not lose a stop that comes before the generation listens', async () => {
      await signals.asking.requestStop(run)
      const listener = vi.fn()
      signals.listening.onStop(run, listener)
      await expect.poll(() => listener).toHaveBeenCalledTimes(1)
      await signals.asking.requestStop(run)
      await arrived()
      expect(listener).toHaveBeenCalledTimes(1)
    })

    test('an early stop does not reach a listener that has unsubscribed', async () => {
      const listener = vi.fn()
      await signals.asking.requestStop(run)
      signals.listening.onStop(run, listener)()
      await arrived()
      expect(listener).not.toHaveBeenCalled()
    })
  })
}

const newRun = (): RunRef => ({ tenantId: 'acme', runId: `r-${randomUUID()}` })
