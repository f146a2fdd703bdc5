import type { Clock, Logger, RunRepository } from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'

/**
 * Milliseconds after which a process that renews no more is taken for dead. Together with the time between two looks for
 * orphans it stays below two seconds, and it is long enough to miss two renewals.
 */
export const LEASE_MS = 1_400
const RENEW_MS = 400

export interface LeasesDeps {
  readonly runs: RunRepository
  readonly clock: Clock
  readonly logger: Logger
}

/** The leases of the runs that this process generates: renews all of them at once, as long as there are any. */
export class Leases {
  readonly #deps: LeasesDeps
  /** With what is to be done when the lease is lost. */
  readonly #held = new Map<string, { readonly run: RunRef; readonly onLost: () => void }>()
  #cancelTimer: (() => void) | null = null

  constructor(deps: LeasesDeps) {
    this.#deps = deps
  }

  /** `onLost` is called when another process took this one for dead and ended the run. Call the result when the run is over. */
  hold(run: RunRef, onLost: () => void): () => void {
    const key = keyOf(run)
    this.#held.set(key, { run, onLost })
    this.#schedule()
    return () => {
      this.#held.delete(key)
      if (this.#held.size > 0) return
      this.#cancelTimer?.()
      this.#cancelTimer = null
    }
  }

  holds(run: RunRef): boolean {
    return this.#held.has(keyOf(run))
  }

  #schedule(): void {
    this.#cancelTimer ??= this.#deps.clock.after(RENEW_MS, () => void this.#renew())
  }

  async #renew(): Promise<void> {
    const asked = [...this.#held.entries()]
    try {
      const kept = new Set((await this.#deps.runs.renew(asked.map(([, { run }]) => run))).map(keyOf))
      for (const [key, { onLost }] of asked) if (!kept.has(key) && this.#held.has(key)) onLost()
    } catch (error) {
      // The store is away for everybody: nobody can take a run now, and afterwards all wait for the living to renew.
      this.#deps.logger.warn('leases could not be renewed', { count: asked.length, error })
    }
    this.#cancelTimer = null
    if (this.#held.size > 0) this.#schedule()
  }
}

/** One string for tenant and run that no other two have. */
const keyOf = ({ tenantId, runId }: RunRef): string => JSON.stringify([tenantId, runId])
