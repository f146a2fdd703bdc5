import { DomainError } from '../../domain/errors.js'
import {
  RunLogGap,
  RunLogUnavailable,
  type Clock,
  type Owner,
  type RunLog,
  type RunRepository,
} from '../../domain/ports/index.js'
import { pourBatches } from '../../domain/pour-batches.js'
import { isTerminal, type Run, type RunRef } from '../../domain/run.js'
import type { Audience } from '../shared/audience.js'
import { requireRun } from '../shared/find-owned.js'
import { pause } from '../shared/pause.js'

export interface AwaitEndDeps {
  readonly runs: RunRepository
  readonly log: RunLog
  readonly audience: Audience
  readonly clock: Clock
}

/** How often the store is asked when there is no log to watch: the run was just admitted, or its process is gone. */
const POLL_MS = 250

/**
 * The run once it has ended, or as it stands when `signal` aborts.
 * @param run as it was a moment ago
 * @throws DomainError `run-not-found`, or `store-unavailable` when the run ended but its end could not be stored
 */
export async function endedRun(
  deps: AwaitEndDeps,
  owner: Owner,
  run: Run,
  signal: AbortSignal,
): Promise<Run> {
  if (isTerminal(run.status)) return run
  const isTold = await awaitEnd(deps, owner, run, signal)
  const now = await requireRun(deps.runs, owner, run.id)
  if (isTold && !isTerminal(now.status)) throw endNotStored()
  return now
}

export const endNotStored = (): DomainError =>
  new DomainError('store-unavailable', 'The answer could not be stored. Ask the question again.', {
    retryAfter: 5,
  })

/**
 * Resolves when the run has ended, or when `signal` aborts. Whoever waits counts as a reader.
 * @param run as it was a moment ago
 * @returns true when the log told the end, so that it is stored if it could be
 * @throws DomainError `run-not-found`
 */
export async function awaitEnd(
  deps: AwaitEndDeps,
  owner: Owner,
  run: Run,
  signal: AbortSignal,
): Promise<boolean> {
  if (isTerminal(run.status)) return true
  const ref = { tenantId: run.tenantId, runId: run.id }
  const leave = deps.audience.attend(ref)
  try {
    while (!signal.aborted) {
      if (await followToEnd(deps.log, ref, signal)) return true
      if (!signal.aborted) await pause(deps.clock, POLL_MS, signal)
      const { status } = await requireRun(deps.runs, owner, run.id)
      if (isTerminal(status)) return true
    }
    return false
  } finally {
    leave()
  }
}

/** Thrown to read no further: poured to, a reader pays nothing for the tokens that it does not look at. */
const TOLD = new Error('The log has told the end.')

/** @returns true when the log tells the end */
async function followToEnd(log: RunLog, ref: RunRef, signal: AbortSignal): Promise<boolean> {
  try {
    const last = await log.lastSeq(ref)
    if (last === null) return false
    // Two back, so that a log that is already complete shows its `ended` once more.
    await pourBatches(log.follow(ref, Math.max(0, last - 2), signal), (batch) => {
      if (batch.some(({ event }) => event.type === 'ended')) throw TOLD
    })
  } catch (error) {
    if (error === TOLD) return true
    if (!(error instanceof RunLogGap || error instanceof RunLogUnavailable)) throw error
  }
  return false
}
