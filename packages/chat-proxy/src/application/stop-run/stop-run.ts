import type { Caller } from '../../domain/caller.js'
import type { RunSignals } from '../../domain/ports/index.js'
import { isTerminal, type Run } from '../../domain/run.js'
import { requireRun } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'
import { deadline } from '../shared/pause.js'
import { awaitEnd, type AwaitEndDeps } from '../wait-for-run/await-end.js'

/** A model lets go within 100 ms; the rest is for the store. After it the answer tells the state of the moment. */
const CONFIRM_MS = 2_000

/** Ends an answer early and keeps its text. Asking again, or too late, changes nothing. */
export class StopRun {
  readonly #deps: AwaitEndDeps & { readonly signals: RunSignals }

  constructor(deps: AwaitEndDeps & { readonly signals: RunSignals }) {
    this.#deps = deps
  }

  /** @throws DomainError `run-not-found` */
  async execute(caller: Caller, runId: string, signal: AbortSignal): Promise<Run> {
    const owner = ownerOf(caller)
    const run = await requireRun(this.#deps.runs, owner, runId)
    if (isTerminal(run.status)) return run
    await this.#deps.signals.requestStop({ tenantId: run.tenantId, runId })
    const limit = deadline(this.#deps.clock, CONFIRM_MS, signal)
    return awaitEnd(this.#deps, owner, runId, limit.signal).finally(() => limit.release())
  }
}
