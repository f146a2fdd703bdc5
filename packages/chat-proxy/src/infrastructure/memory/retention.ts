import type { Clock } from '../../domain/ports/clock.js'

export interface RetentionOptions {
  readonly clock: Clock
  /** Milliseconds a closed log is held. Default 15 minutes. */
  readonly retention?: number | undefined
  /** Most events held in closed logs, all runs together; default 500,000, about 15 MB. */
  readonly maxEvents?: number | undefined
  /** Forgets the log. */
  readonly drop: (key: string) => void
}

const RETENTION = 15 * 60_000
const MAX_EVENTS = 500_000

/** Closed logs on their way out: each leaves after its time, and when they grow too many the one that closed first leaves early. */
export class Retention {
  readonly #options: RetentionOptions
  /** The one that closed first in front. */
  readonly #held = new Map<string, { readonly events: number; readonly until: number }>()
  #events = 0
  /** One for all, set for the first to go. */
  #cancelTimer: (() => void) | null = null

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  hold(key: string, events: number): void {
    const { clock, retention = RETENTION, maxEvents = MAX_EVENTS } = this.#options
    this.#held.set(key, { events, until: clock.now() + retention })
    this.#events += events
    for (const oldest of this.#held.keys()) {
      if (this.#events <= maxEvents) break
      this.#expire(oldest)
    }
    this.#schedule()
  }

  /** Lets go without `drop`: the log is needed no longer. */
  release(key: string): void {
    const held = this.#held.get(key)
    if (!held) return
    this.#held.delete(key)
    this.#events -= held.events
    if (this.#held.size > 0) return
    this.#cancelTimer?.()
    this.#cancelTimer = null
  }

  #schedule(): void {
    const { clock } = this.#options
    const [first] = this.#held.values()
    if (first) this.#cancelTimer ??= clock.after(first.until - clock.now(), () => this.#expireDue())
  }

  #expireDue(): void {
    this.#cancelTimer = null
    const now = this.#options.clock.now()
    for (const [key, { until }] of this.#held) {
      if (until > now) break
      this.#expire(key)
    }
    this.#schedule()
  }

  #expire(key: string): void {
    this.release(key)
    this.#options.drop(key)
  }
}
