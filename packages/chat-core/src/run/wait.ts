import type { Platform } from '../platform/platform.js'

/**
 * Waits before the next try: `ms`, or less when the line or the page comes back, or as long as it takes while offline; but
 * never less than the server asked for.
 * @param retryAfter what the server asked for, in milliseconds; default 0
 * @returns whether the line or the page cut the wait short
 * @throws the reason of the first signal that aborts
 */
export function waitForTry(
  platform: Platform,
  ms: number,
  signals: AbortSignal[],
  retryAfter = 0,
): Promise<boolean> {
  const signal = AbortSignal.any(signals)
  const earliest = platform.now() + retryAfter
  return new Promise((resolve, reject) => {
    let timeIsUp = false
    const settle = (): void => {
      const mayTry = platform.isOnline() && (timeIsUp || platform.now() >= earliest)
      if (!signal.aborted && !mayTry) return
      cancelTimer()
      stopListening()
      signal.removeEventListener('abort', settle)
      if (signal.aborted) reject(signal.reason)
      else resolve(!timeIsUp)
    }
    const cancelTimer = platform.after(Math.max(ms, retryAfter), () => {
      timeIsUp = true
      settle()
    })
    const stopListening = platform.onWake(settle)
    signal.addEventListener('abort', settle)
    if (signal.aborted) settle()
  })
}
