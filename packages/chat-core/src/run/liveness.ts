import type { Platform, Release } from '../platform/platform.js'

export interface LivenessWatch {
  /** Notes a sign of life. A clock read and no timer, so that it may be called for every chunk. */
  beat(): void
  /** Milliseconds since the last sign of life. */
  silence(): number
  stop: Release
}

/**
 * Calls `onSilent` once when no sign of life came for `limit` (`firstLimit` before the first one), both in milliseconds.
 * One timer at a time, set anew only when it fires.
 */
export function watchLiveness(
  platform: Pick<Platform, 'now' | 'after'>,
  limits: { readonly first: number; readonly next: number },
  onSilent: () => void,
): LivenessWatch {
  let last = platform.now()
  let limit = limits.first
  let release = platform.after(limit, check)

  function check(): void {
    const left = last + limit - platform.now()
    if (left > 0) release = platform.after(left, check)
    else onSilent()
  }

  return {
    beat() {
      last = platform.now()
      limit = limits.next
    },
    silence: () => platform.now() - last,
    stop: () => release(),
  }
}
