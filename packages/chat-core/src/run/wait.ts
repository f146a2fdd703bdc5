import type { Platform } from '../platform/platform.js'

/**
 * Waits before the next try: `ms`, or less when the line or the page comes back, or as long as it takes while offline.
 * @throws the reason of the first signal that aborts
 */
export function waitForTry(platform: Platform, ms: number, signals: AbortSignal[]): Promise<void> {
  const signal = AbortSignal.any(signals)
  return new Promise((resolve, reject) => {
    let timeIsUp = false
    const settle = (): void => {
      if (!signal.aborted && !platform.isOnline()) return
      cancelTimer()
      stopListening()
      signal.removeEventListener('abort', settle)
      if (signal.aborted) reject(signal.reason)
      else resolve()
    }
    const cancelTimer = platform.after(ms, () => {
      timeIsUp = true
      settle()
    })
    const stopListening = platform.onWake((reason) => {
      if (timeIsUp || (reason !== 'hidden' && reason !== 'offline')) settle()
    })
    signal.addEventListener('abort', settle)
    if (signal.aborted) settle()
  })
}
