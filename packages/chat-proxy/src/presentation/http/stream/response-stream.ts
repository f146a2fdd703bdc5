import type { Writable } from 'node:stream'
import type { Clock } from '../../../domain/ports/index.js'

/** Calls `task` at every interval. Returns the way to end that. */
export function beat(
  { clock, heartbeatMs }: { readonly clock: Clock; readonly heartbeatMs: number },
  task: () => void,
): () => void {
  let cancel = schedule()
  function schedule(): () => void {
    return clock.after(heartbeatMs, () => {
      task()
      cancel = schedule()
    })
  }
  return () => cancel()
}

/** The client has taken everything, or is gone. */
export function drained(response: Pick<Writable, 'destroyed' | 'on' | 'off'>): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve()
    const done = (): void => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}
