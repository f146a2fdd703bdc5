import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ControlSignals } from './control.js'

export interface OpenControlSignals {
  readonly announcing: ControlSignals
  /** The same object for an adapter of one process. */
  readonly listening: ControlSignals
  close(): Promise<void>
}

/** What every adapter of the control signals must do. */
export function controlSignalsSuite(name: string, open: () => Promise<OpenControlSignals>): void {
  describe(`control signals: ${name}`, () => {
    let signals: OpenControlSignals
    beforeEach(async () => {
      signals = await open()
    })
    afterEach(() => signals.close())

    /** Announces until it is heard: the listening may not have begun when the first one goes out. */
    const heard = async (listener: ReturnType<typeof vi.fn>): Promise<void> => {
      listener.mockClear()
      await vi.waitFor(async () => {
        await signals.announcing.announce()
        expect(listener).toHaveBeenCalled()
      })
    }

    test('every listener hears of it', async () => {
      const [first, second] = [vi.fn(), vi.fn()]
      signals.listening.onAnnounced(first)
      signals.listening.onAnnounced(second)
      await heard(first)
      await heard(second)
    })

    test('says whether another process is heard', async () => {
      const listener = vi.fn()
      signals.listening.onAnnounced(listener)
      await heard(listener)
      expect(signals.listening.isHeard()).toBe(signals.listening !== signals.announcing)
    })

    test('who has stopped listening is left alone, also when others go on', async () => {
      const [gone, here] = [vi.fn(), vi.fn()]
      const stop = signals.listening.onAnnounced(gone)
      signals.listening.onAnnounced(here)
      await heard(gone)
      stop()
      stop()
      gone.mockClear()
      await heard(here)
      expect(gone).not.toHaveBeenCalled()
    })
  })
}
