import { DomainError } from '../../domain/errors.js'
import {
  RunLogGap,
  RunLogUnavailable,
  type Clock,
  type Owner,
  type RunLog,
  type RunRepository,
} from '../../domain/ports/index.js'
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
 * The run once it has ended, or as it stands when `signal` aborts. Whoever waits counts as a reader.
 * @throws DomainError `run-not-found`, or `store-unavailable` when the run ended but its end could not be stored
 */
export async function awaitEnd(
  deps: AwaitEndDeps,
  owner: Owner,
  runId: string,
  signal: AbortSignal,
): Promise<Run> {
  const run = await requireRun(deps.runs, owner, runId)
  if (isTerminal(run.status)) return run
  const leave = deps.audience.attend({ tenantId: run.tenantId, runId })
  return untilEnded(deps, owner, runId, signal).finally(leave)
}

async function untilEnded(
  deps: AwaitEndDeps,
  owner: Owner,
  runId: string,
  signal: AbortSignal,
): Promise<Run> {
  for (;;) {
    const run = await requireRun(deps.runs, owner, runId)
    if (isTerminal(run.status) || signal.aborted) return run
    const ended = await followToEnd(deps.log, { tenantId: run.tenantId, runId }, signal)
    if (ended) return storedEnd(deps.runs, owner, runId)
    await pause(deps.clock, POLL_MS, signal)
  }
}

/** @returns true when the log tells the end */
async function followToEnd(log: RunLog, ref: RunRef, signal: AbortSignal): Promise<boolean> {
  try {
    const last = await log.lastSeq(ref)
    if (last === null) return false
    // Two back, so that a log that is already complete shows its `ended` once more.
    for await (const batch of log.follow(ref, Math.max(0, last - 2), signal)) {
      if (batch.some(({ event }) => event.type === 'ended')) return true
    }
  } catch (error) {
    if (!(error instanceof RunLogGap || error instanceof RunLogUnavailable)) throw error
  }
  return false
}

async function storedEnd(runs: RunRepository, owner: Owner, runId: string): Promise<Run> {
  const run = await requireRun(runs, owner, runId)
  if (isTerminal(run.status)) return run
  throw new DomainError('store-unavailable', 'The answer could not be stored. Ask the question again.', {
    retryAfter: 5,
  })
}
