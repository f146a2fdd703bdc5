import type { RunError, TerminalRunStatus, Usage } from '@colloquy/chat-core/protocol'
import type { Clock, Logger, RunLog, RunRepository } from '../../domain/ports/index.js'
import { isTerminal, type Run, type RunEnd } from '../../domain/run.js'
import { pause } from '../shared/pause.js'
import { endedEvent } from './ended-event.js'
import { INTERNAL } from './outcome.js'

/** What readers are told about the end. */
export interface AnnouncedEnd {
  readonly status: TerminalRunStatus
  readonly usage: Usage | null
  readonly error: RunError | null
  /** False: it is what readers are told, but the store says otherwise or nothing. */
  readonly isStored: boolean
}

export interface StoreEndDeps {
  readonly runs: RunRepository
  readonly log: Pick<RunLog, 'outlivesWriter'>
  readonly clock: Clock
  readonly logger: Logger
}

/** Waits before each further try, in milliseconds. */
const RETRIES = [100, 500, 2_000]

/**
 * Makes the end durable and answers what became true: the given end, the one somebody else wrote before, or, when the store
 * cannot be written, a failure. In the last case the run is found without an end when its lease has run out, and gets the one
 * that its log tells.
 */
export async function storeEnd(deps: StoreEndDeps, run: Run, end: RunEnd): Promise<AnnouncedEnd> {
  // A log that goes with this process is told the end by it or by nobody.
  const lease = deps.log.outlivesWriter ? 'kept' : 'given up'
  const ref = { tenantId: run.tenantId, runId: run.id }
  for (const wait of [0, ...RETRIES]) {
    if (wait > 0) await pause(deps.clock, wait, new AbortController().signal)
    try {
      if (await deps.runs.end(ref, end, endedEvent(run, end, run.ownerId), lease)) {
        const { status, usage, error } = end
        return { status, usage, error, isStored: true }
      }
      const stored = await deps.runs.find({ tenantId: run.tenantId, ownerId: run.ownerId }, run.id)
      if (stored && isTerminal(stored.status)) {
        return { status: stored.status, usage: stored.usage, error: stored.error, isStored: true }
      }
    } catch (error) {
      deps.logger.error('the end of a run could not be stored', {
        tenantId: run.tenantId,
        runId: run.id,
        error,
      })
    }
  }
  return { status: 'failed', usage: end.usage, error: INTERNAL, isStored: false }
}
