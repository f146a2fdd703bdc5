import type { Clock } from '../../domain/ports/index.js'

/**
 * Decides when progress is saved: at the first change and at those that cannot wait, else once per interval as long as there are changes. Intervals begin
 * at the same moments for all, so that the store gets what many runs have to save at once. Saves never overlap.
 */
export class Checkpointer {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #save: () => Promise<void>
  #dirty = false
  #stopped = false
  #cancelTimer: (() => void) | null = null
  #saving: Promise<void> = Promise.resolve()

  /** `save` reads the progress of the moment when it runs, and must not reject. */
  constructor(clock: Clock, intervalMs: number, save: () => Promise<void>) {
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#save = save
  }

  /** There is something new. */
  touch(): void {
    this.#dirty = true
    if (!this.#cancelTimer && !this.#stopped) this.#saveNow()
  }

  /** There is something new that a crash in the next moment must not take. */
  touchAndSave(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.touch()
  }

  /** Resolves when no save is under way and none will come. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelTimer?.()
    await this.#saving
  }

  #saveNow(): void {
    this.#dirty = false
    this.#saving = this.#saving.then(this.#save)
    const untilNext = this.#intervalMs - (this.#clock.now() % this.#intervalMs)
    this.#cancelTimer = this.#clock.after(untilNext, () => {
      this.#cancelTimer = null
      if (this.#dirty) this.#saveNow()
    })
  }
}
