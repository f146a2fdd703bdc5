import type { Clock } from '../../domain/ports/index.js'

/** Resolves after `ms`, or as soon as `signal` aborts. Never rejects. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const cancel = clock.after(ms, done)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}

/** A signal that aborts with `signal` or after `ms`, whichever is first. Call `release` when it is no longer needed. */
export function deadline(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
): { readonly signal: AbortSignal; release(): void } {
  const timer = new AbortController()
  return {
    signal: AbortSignal.any([signal, timer.signal]),
    release: clock.after(ms, () => timer.abort()),
  }
}
