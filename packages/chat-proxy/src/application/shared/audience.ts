import type { Clock, RunReaders } from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'
import type { Settings } from './settings.js'

export interface AudienceDeps {
  readonly readers: RunReaders
  readonly clock: Clock
  readonly settings: Pick<Settings, 'noReaderGraceMs'>
}

/** How often within the grace time a reader gives a sign: one that gets lost does no harm. */
const SIGNS_PER_GRACE = 3

/** Who reads which run, so that an answer nobody waits for any more can be ended. */
export class Audience {
  readonly #deps: AudienceDeps
  readonly #signMs: number

  constructor(deps: AudienceDeps) {
    this.#deps = deps
    this.#signMs = deps.settings.noReaderGraceMs / SIGNS_PER_GRACE
  }

  /** Somebody looked at the run. */
  glance(run: RunRef): void {
    const { readers, settings } = this.#deps
    // A sign that gets lost is made up for by the next one, and whoever cannot ask for signs ends nothing.
    readers.seen(run, settings.noReaderGraceMs).catch(() => {})
  }

  /** Somebody reads the run. Call the result when they no longer do: the grace time begins then. */
  attend(run: RunRef): () => void {
    let cancel: () => void
    const sign = (): void => {
      this.glance(run)
      cancel = this.#deps.clock.after(this.#signMs, sign)
    }
    sign()
    return () => {
      cancel()
      this.glance(run)
    }
  }

  /** Calls `onAlone` once when nobody has read the run for the grace time, which begins now. Call the result when the run is over. */
  watch(run: RunRef, onAlone: () => void): () => void {
    const { clock, settings } = this.#deps
    let isOver = false
    let cancel = clock.after(settings.noReaderGraceMs, () => void look())
    const look = async (): Promise<void> => {
      const remaining = await this.#remaining(run)
      if (isOver) return
      if (remaining <= 0) onAlone()
      else cancel = clock.after(remaining, () => void look())
    }
    return () => {
      isOver = true
      cancel()
    }
  }

  /** When nobody can tell, somebody may be reading. */
  #remaining(run: RunRef): Promise<number> {
    return this.#deps.readers.remaining(run).catch(() => this.#signMs)
  }
}
