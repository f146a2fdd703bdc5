import type { RunError, TerminalRunStatus, Usage } from '@colloquy/chat-core/protocol'
import { isStoreAway } from '../../domain/errors.js'
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
/** The same while the store is away, so that an answer that is whole is not lost by that: ten minutes in all. */
const AWAY_MS = 2_000
const AWAY_TRIES = 300

/** What came of one try to store an end: `away` when the store cannot be used at the moment. */
type Try = AnnouncedEnd | 'away' | 'failed'

/**
 * Makes the end durable and answers what became true: the given end, the one somebody else wrote before, or, when the store
 * cannot be written, a failure. In the last case the run is found without an end when its lease has run out, and gets the one
 * that its log tells. A store that is away is waited for, unless this process goes away.
 */
export async function storeEnd(
  deps: StoreEndDeps,
  run: Run,
  end: RunEnd,
  leaving: AbortSignal,
): Promise<AnnouncedEnd> {
  for (let tries = 0; ; tries += 1) {
    const outcome = await tryToStore(deps, run, end, tries === 0)
    if (typeof outcome === 'object') return outcome
    const wait = RETRIES[tries]
    if (wait !== undefined) await pause(deps.clock, wait, NEVER)
    else if (outcome === 'away' && tries < AWAY_TRIES && !leaving.aborted) {
      await pause(deps.clock, AWAY_MS, leaving)
    } else return { status: 'failed', usage: end.usage, error: INTERNAL, isStored: false }
  }
}

async function tryToStore(deps: StoreEndDeps, run: Run, end: RunEnd, isFirst: boolean): Promise<Try> {
  // A log that goes with this process is told the end by it or by nobody.
  const lease = deps.log.outlivesWriter ? 'kept' : 'given up'
  const { tenantId, ownerId, id: runId } = run
  try {
    if (await deps.runs.end({ tenantId, runId }, end, endedEvent(run, end, ownerId), lease)) {
      return announced(end)
    }
    const stored = await deps.runs.find({ tenantId, ownerId }, runId)
    return stored && isTerminal(stored.status) ? announced({ ...stored, status: stored.status }) : 'failed'
  } catch (error) {
    const isAway = isStoreAway(error)
    const fields = { tenantId, runId, error }
    if (!isAway) deps.logger.error('the end of a run could not be stored', fields)
    else if (isFirst) deps.logger.warn('the end of a run waits for the store', fields)
    return isAway ? 'away' : 'failed'
  }
}

const announced = ({ status, usage, error }: Pick<RunEnd, 'status' | 'usage' | 'error'>): AnnouncedEnd => ({
  status,
  usage,
  error,
  isStored: true,
})

const NEVER = new AbortController().signal
