import type { Clock, Ledger, Logger } from '../../domain/ports/index.js'

export interface SettleAbandonedDeps {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly logger: Logger
}

/** Together with the life of a reservation below a minute. */
const SWEEP_MS = 10_000

/** Settles what dead processes had set aside for completions, so that nobody's limit stays used up by nothing. */
export class SettleAbandoned {
  readonly #deps: SettleAbandonedDeps
  #cancel: () => void = () => {}
  #sweep = Promise.resolve()

  constructor(deps: SettleAbandonedDeps) {
    this.#deps = deps
  }

  /** Looks from now on, until `stop`. */
  start(): void {
    this.#cancel = this.#deps.clock.after(SWEEP_MS, () => {
      this.#sweep = this.execute().then(() => this.start())
    })
  }

  async stop(): Promise<void> {
    this.#cancel()
    await this.#sweep
    this.#cancel()
  }

  /** One look. Never rejects: the next one comes. */
  async execute(): Promise<void> {
    const { ledger, clock, logger } = this.#deps
    try {
      const count = await ledger.settleAbandoned(clock.now())
      if (count > 0) logger.info('settled abandoned reservations', { count })
    } catch (error) {
      logger.warn('could not look for abandoned reservations', { error })
    }
  }
}
