import { ChatError } from '../errors/chat-error.js'
import type { Platform, WakeReason } from '../platform/platform.js'
import { DEAD_AFTER_HEARTBEATS, type RunPolicy } from './run-policy.js'
import { settledBy } from './wait.js'

/** A connection ended, or was given up, without saying why. */
export const BROKEN = new ChatError('upstream', 'The connection failed.')

/** A page or line that is back cannot be trusted to still have its connection; a new one is cheap, waiting is not. */
export const isOldAfter = (reason: WakeReason): boolean => reason === 'online' || reason === 'restored'

export interface Limits {
  readonly platform: Platform
  readonly policy: () => RunPolicy
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal
}

/**
 * Runs a request whose answer is no stream, and so owes no heartbeat: it has two and a half of them for the whole answer. A line
 * or a page that comes back ends it sooner, because its connection may be dead.
 * @throws ChatError `timeout` or `upstream`, both to be tried again; the signal's reason; or what `task` throws
 */
export function withinLimit<T>(
  { platform, policy, signal }: Limits,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const limit = policy().heartbeat * DEAD_AFTER_HEARTBEATS
  const tooLong = settledBy<never>(platform, limit, either, (occasion, _resolve, reject) => {
    if (occasion === 'time') reject(new ChatError('timeout', 'The server is silent.'))
    else if (isOldAfter(occasion)) reject(BROKEN)
  })
  // Raced, because a task, somebody else's transport or a lock, need not look at its signal.
  return Promise.race([tooLong, task(either)]).finally(() => over.abort())
}
