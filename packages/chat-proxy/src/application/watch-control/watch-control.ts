import type { Clock, ControlRevision, ControlSignals, Logger, Refreshable } from '../../domain/ports/index.js'

export interface WatchControlDeps {
  readonly controlRevision: ControlRevision
  readonly controlSignals: ControlSignals
  readonly clock: Clock
  readonly logger: Logger
}

/** Signals are fast; this makes up for one that was lost: what the operator turns off is off everywhere within two seconds. */
const LOOK_MS = 1_000
/** Without signals from others that there are, new calls are to be refused within 100 ms everywhere, and a look takes its time, too. */
const UNTOLD_LOOK_MS = 50

/** Keeps what this process knows of the operator's wishes up to date: told by signals, and by looking often where there are others and none come. */
export class WatchControl {
  readonly #deps: WatchControlDeps
  readonly #refreshed: readonly Refreshable[]
  #known = -1
  /** Whether others may change what this process knows, as of the last look. */
  #isShared = true
  #isDown = false
  #cancel: () => void = () => {}
  #unsubscribe: () => void = () => {}
  /** One look at a time, in the order asked for. */
  #look: Promise<void> = Promise.resolve()

  /** @param refreshed in this order */
  constructor(deps: WatchControlDeps, refreshed: readonly Refreshable[]) {
    this.#deps = deps
    this.#refreshed = refreshed
  }

  /** Looks now, and from now on until `stop`. @throws DomainError `store-unavailable` when nothing can be known at all */
  async start(): Promise<void> {
    await this.#refresh()
    this.#unsubscribe = this.#deps.controlSignals.onAnnounced(() => void this.look())
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#unsubscribe()
    this.#cancel()
    await this.#look
    this.#cancel()
  }

  /** After a change of this process itself: here it counts when this resolves, elsewhere soon. */
  async changed(): Promise<void> {
    await this.look()
    // Whom it does not reach looks.
    await this.#deps.controlSignals.announce().catch(() => {})
  }

  /** One look. Never rejects: the next one comes, and until then what was known holds. */
  look(): Promise<void> {
    this.#look = this.#look
      .then(() => this.#refresh())
      .then(
        () => this.#tell(false),
        (error: unknown) => this.#tell(true, error),
      )
    return this.#look
  }

  #schedule(): void {
    const { clock, controlSignals } = this.#deps
    const isUntold = this.#isShared && !controlSignals.isHeard()
    this.#cancel = clock.after(
      isUntold ? UNTOLD_LOOK_MS : LOOK_MS,
      () => void this.look().then(() => this.#schedule()),
    )
  }

  async #refresh(): Promise<void> {
    const { controlRevision } = this.#deps
    const revision = await controlRevision.current()
    this.#isShared = controlRevision.isShared()
    if (revision === this.#known) return
    for (const one of this.#refreshed) await one.refresh()
    this.#known = revision
  }

  /** Once, and not every second. */
  #tell(isDown: boolean, error?: unknown): void {
    if (isDown && !this.#isDown)
      this.#deps.logger.warn('what the operator changed cannot be read; what was known holds', { error })
    this.#isDown = isDown
  }
}
