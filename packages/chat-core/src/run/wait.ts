import { ChatError } from '../errors/chat-error.js'
import type { Platform } from '../platform/platform.js'

/**
 * Waits before the next try: `ms`, or less when the line or the page comes back, or as long as it takes while offline.
 * @throws the reason of the first signal that aborts
 */
export function waitForTry(platform: Platform, ms: number, signals: readonly AbortSignal[]): Promise<void> {
  const signal = AbortSignal.any([...signals])
  return new Promise((resolve, reject) => {
    let timeIsUp = false
    const settle = (finish: () => void): void => {
      cancelTimer()
      stopListening()
      signal.removeEventListener('abort', onAbort)
      finish()
    }
    const onAbort = (): void => settle(() => reject(abortReason(signal)))
    const tryNow = (): void => {
      if (platform.isOnline()) settle(resolve)
    }
    const cancelTimer = platform.after(ms, () => {
      timeIsUp = true
      tryNow()
    })
    const stopListening = platform.onWake((reason) => {
      if (reason === 'online' || reason === 'restored' || reason === 'visible') tryNow()
      else if (timeIsUp) tryNow()
    })
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
  })
}

export const abortReason = (signal: AbortSignal): ChatError =>
  signal.reason instanceof ChatError
    ? signal.reason
    : new ChatError('aborted', 'The request was aborted.', { cause: signal.reason })
