import type { Platform, Release, WakeReason } from '../platform/platform.js'

/**
 * A promise that time and wakes settle.
 * @param on called when `ms` are over and at every wake, until it has resolved or rejected
 * @throws the signal's reason when it aborts; else what `on` rejects with
 */
export function settledBy<T>(
  platform: Pick<Platform, 'after' | 'onWake'>,
  ms: number,
  signal: AbortSignal,
  on: (occasion: WakeReason | 'time', resolve: (value: T) => void, reject: (reason: unknown) => void) => void,
): Promise<T> {
  let release: Release | undefined
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    const cancelTimer = platform.after(ms, () => on('time', resolve, reject))
    const stopListening = platform.onWake((reason) => on(reason, resolve, reject))
    release = () => {
      signal.removeEventListener('abort', onAbort)
      cancelTimer()
      stopListening()
    }
  }).finally(() => release?.())
}

/**
 * Waits before the next try: `ms`, or less when the line or the page comes back, or as long as it takes while offline; but
 * never less than the server asked for.
 * @param retryAfter what the server asked for, in milliseconds; default 0
 * @returns whether the line or the page cut the wait short
 * @throws the signal's reason when it aborts
 */
export function waitForTry(
  platform: Platform,
  ms: number,
  signal: AbortSignal,
  retryAfter = 0,
): Promise<boolean> {
  let timeIsUp = false
  const earliest = platform.now() + retryAfter
  return settledBy(platform, Math.max(ms, retryAfter), signal, (occasion, resolve) => {
    timeIsUp ||= occasion === 'time'
    if (platform.isOnline() && (timeIsUp || platform.now() >= earliest)) resolve(!timeIsUp)
  })
}
