import type { Platform, Release } from '../platform/platform.js'

export interface SilenceWatch {
  /** Notes a sign of life. A clock read and no timer, so that it may be called for every chunk. */
  readonly beat: () => void
  /** Milliseconds since the last sign of life. */
  silence(): number
  /** Ends the watch; what was silent is so no more. */
  stop: Release
}

/**
 * Tells when no sign of life came for too long, and when one came again. One timer at a time, set anew only when it fires.
 * @param limit milliseconds of silence that are too long; asked whenever the timer is set, because it may change meanwhile
 */
export function watchSilence(
  platform: Pick<Platform, 'now' | 'after'>,
  limit: () => number,
  onChange: (isSilent: boolean) => void,
): SilenceWatch {
  let last = platform.now()
  let isSilent = false
  let release = platform.after(limit(), check)

  function check(): void {
    const left = last + limit() - platform.now()
    if (left > 0) release = platform.after(left, check)
    else onChange((isSilent = true))
  }

  return {
    beat() {
      last = platform.now()
      if (!isSilent) return
      onChange((isSilent = false))
      check()
    },
    silence: () => platform.now() - last,
    stop() {
      release()
      if (isSilent) onChange((isSilent = false))
    },
  }
}
