import { sqliteResultCode } from './sqlite-failures.js'

const SQLITE_BUSY = 5
const PATIENCE_MS = 5_000
const LONGEST_PAUSE_MS = 50

/**
 * Runs `attempt` until no other connection is in its way, for about five seconds. This stands in place of SQLite's own
 * `busy_timeout`, which is 0 here: that one sleeps inside the call, and with it the event loop and every stream of this process.
 * `attempt` must have had no effect when it throws SQLITE_BUSY: a single statement outside a transaction, or its begin.
 */
export async function retryWhileBusy<T>(attempt: () => T): Promise<T> {
  let waited = 0
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      if (sqliteResultCode(error) !== SQLITE_BUSY || waited >= PATIENCE_MS) throw error
    }
    const pause = Math.min(LONGEST_PAUSE_MS, 1 + waited / 2)
    await new Promise((resolve) => setTimeout(resolve, pause))
    waited += pause
  }
}
