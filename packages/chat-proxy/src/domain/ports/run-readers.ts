import type { RunRef } from '../run.js'

/** Whether somebody reads a run, in any of the processes that share its log. Adapters pass `runReadersSuite`. */
export interface RunReaders {
  /**
   * Somebody reads the run now; the run counts as read for `forMs` from now on.
   * @throws DomainError `store-unavailable`
   */
  seen(run: RunRef, forMs: number): Promise<void>
  /**
   * Milliseconds for which the run still counts as read; 0: for nobody.
   * @throws DomainError `store-unavailable`
   */
  remaining(run: RunRef): Promise<number>
}
