import type { Platform, Release } from '../platform/platform.js'

export interface LivenessWatch {
  /** Notes a sign of life. A clock read and no timer, so that it may be called for every chunk. */
  beat(): void
  /** Begins anew, as before the first sign of life. */
  restart(): void
  /** Milliseconds since the last sign of life. */
  silence(): number
  stop: Release
}

/** Milliseconds of silence that are too long: before the first sign of life, and after it. */
export interface SilenceLimits {
  readonly first: number
  readonly next: number
}

/**
 * Calls `onSilent` once when no sign of life came for too long. One timer at a time, set anew only when it fires.
 * @param limits asked whenever a timer is set, because the server tells its heartbeat when the session starts
 */
export function watchLiveness(
  platform: Pick<Platform, 'now' | 'after'>,
  limits: () => SilenceLimits,
  onSilent: () => void,
): LivenessWatch {
  let last = platform.now()
  let heard = false
  let release = platform.after(limits().first, check)

  function check(): void {
    const left = last + (heard ? limits().next : limits().first) - platform.now()
    if (left > 0) release = platform.after(left, check)
    else onSilent()
  }

  return {
    beat() {
      last = platform.now()
      heard = true
    },
    restart() {
      release()
      last = platform.now()
      heard = false
      release = platform.after(limits().first, check)
    },
    silence: () => platform.now() - last,
    stop: () => release(),
  }
}
