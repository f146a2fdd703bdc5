import type { Caller } from '../../domain/caller.js'
import { isTerminal } from '../../domain/run.js'
import { requireRun } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'
import { deadline } from '../shared/pause.js'
import { readSnapshot, type RunSnapshot, type SnapshotDeps } from '../shared/run-snapshot.js'
import { endedRun, type AwaitEndDeps } from '../wait-for-run/await-end.js'

export interface GetRunInput {
  readonly runId: string
  /** Answer at the end of the run, but no later than after this long. 0: answer at once. */
  readonly waitMs: number
  /** The asker went away. */
  readonly signal: AbortSignal
}

/** A run and its message so far. */
export class GetRun {
  readonly #deps: SnapshotDeps & AwaitEndDeps

  constructor(deps: SnapshotDeps & AwaitEndDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `run-not-found`, `store-unavailable` */
  async execute(caller: Caller, { runId, waitMs, signal }: GetRunInput): Promise<RunSnapshot> {
    const owner = ownerOf(caller)
    if (waitMs > 0) {
      const run = await requireRun(this.#deps.runs, owner, runId)
      const limit = deadline(this.#deps.clock, waitMs, signal)
      await endedRun(this.#deps, owner, run, limit.signal).finally(() => limit.release())
    }
    const snapshot = await readSnapshot(this.#deps, owner, runId)
    // Whoever asks again and again reads, too.
    if (!isTerminal(snapshot.run.status)) this.#deps.audience.glance({ tenantId: owner.tenantId, runId })
    return snapshot
  }
}
