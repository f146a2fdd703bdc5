import { isId } from '@colloquy/chat-core/protocol'
import type { Caller } from '../../domain/caller.js'
import type { Owner, RunSignals } from '../../domain/ports/index.js'
import { isTerminal, type Run } from '../../domain/run.js'
import { earlyStopOf } from '../shared/early-stop.js'
import { findRun, requireRun } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'
import { deadline } from '../shared/pause.js'
import { endedRun, type AwaitEndDeps } from '../wait-for-run/await-end.js'

/** A model lets go within 100 ms; the rest is for the store. After it the answer tells the state of the moment. */
const CONFIRM_MS = 2_000

/** Ends an answer early and keeps its text. Asking again, or too late, changes nothing. */
export class StopRun {
  readonly #deps: AwaitEndDeps & { readonly signals: RunSignals }

  constructor(deps: AwaitEndDeps & { readonly signals: RunSignals }) {
    this.#deps = deps
  }

  /**
   * A stop that overtakes its own question finds nothing, and is remembered: when the question arrives, it is stopped.
   * @throws DomainError `run-not-found`
   */
  async execute(caller: Caller, runId: string, signal: AbortSignal): Promise<Run> {
    const owner = ownerOf(caller)
    const run = (await findRun(this.#deps.runs, owner, runId)) ?? (await this.#early(owner, runId))
    if (isTerminal(run.status)) return run
    await this.#deps.signals.requestStop({ tenantId: run.tenantId, runId })
    const limit = deadline(this.#deps.clock, CONFIRM_MS, signal)
    return endedRun(this.#deps, owner, run, limit.signal).finally(() => limit.release())
  }

  /** Looks once more after remembering: between the first look and that the question may have come. */
  async #early(owner: Owner, runId: string): Promise<Run> {
    if (isId(runId)) await this.#deps.signals.requestStop(earlyStopOf(owner, runId))
    return requireRun(this.#deps.runs, owner, runId)
  }
}
