import type { Platform, Release, WakeReason } from '../platform/platform.js'
import { seededRandom } from './seeded-random.js'

/** A platform whose time, line and chance are moved by the test. */
export interface FakePlatform extends Platform {
  /** Moves time on by `ms` milliseconds, running what falls due in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>
  /** Runs due work until nothing is due within `limitMs` milliseconds, however much time that takes. @throws when it never ends */
  settle(limitMs?: number): Promise<void>
  setOnline(online: boolean): void
  wake(reason: WakeReason): void
  /** Timers that are set now, for leak checks. */
  pendingTimers(): number
  /** Listeners of `onWake` that are there now, for leak checks. */
  pendingListeners(): number
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly task: () => void
}

/** Milliseconds of a frame. */
const FRAME_MS = 16

/**
 * A platform that a test moves.
 * @param options `seed` of its chance, 1 by default; `now` in milliseconds since 1970, the beginning of 2030 by default
 */
export function createFakePlatform(options: { seed?: number; now?: number } = {}): FakePlatform {
  const random = seededRandom(options.seed ?? 1)
  let now = options.now ?? Date.UTC(2030, 0, 1)
  let online = true
  let counter = 0
  const timers = new Set<Timer>()
  const listeners = new Set<(reason: WakeReason) => void>()

  function after(ms: number, task: () => void): Release {
    const timer: Timer = { at: now + ms, order: (counter += 1), task }
    timers.add(timer)
    return () => timers.delete(timer)
  }

  async function advance(ms: number): Promise<void> {
    const end = now + ms
    await turns()
    for (let next = earliest(timers); next && next.at <= end; next = earliest(timers)) {
      timers.delete(next)
      now = Math.max(now, next.at)
      next.task()
      await turns()
    }
    now = end
  }

  const wake = (reason: WakeReason): void => [...listeners].forEach((listener) => listener(reason))

  return {
    now: () => now,
    after,
    frame: (task) => after(FRAME_MS, task),
    random,
    newId: (prefix) => `${prefix}_${(counter += 1).toString(36).padStart(8, '0')}`,
    isOnline: () => online,
    onWake(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    advance,
    async settle(limitMs = 600_000) {
      const end = now + limitMs
      await turns()
      for (let next = earliest(timers); next && next.at <= end; next = earliest(timers))
        await advance(next.at - now)
    },
    setOnline(value) {
      if (online === value) return
      online = value
      wake(value ? 'online' : 'offline')
    },
    wake,
    pendingTimers: () => timers.size,
    pendingListeners: () => listeners.size,
  }
}

function earliest(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) {
    if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
  }
  return first
}

/** Lets every promise that can settle do so. Streams and fetches of tests are made of promises alone, so no real time is needed. */
async function turns(): Promise<void> {
  for (let round = 0; round < 200; round += 1) await Promise.resolve()
}
