import type { Clock } from '../../domain/ports/index.js'

/**
 * Decides when progress is saved: at the first change and at those that cannot wait, else once per interval as long as there
 * are changes. Intervals begin at the same moments for all, so that the store gets what many runs have to save at once.
 *
 * Saves never overlap, and however long one takes, no more than one waits behind it: it will save what there is by then.
 */
export class Checkpointer {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #save: () => Promise<void>
  #dirty = false
  #stopped = false
  #cancelTimer: (() => void) | null = null
  #saving: Promise<void> | null = null
  /** What is being saved is not the newest any more. */
  #isBehind = false

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

  /** Resolves when no save is under way and none will come; one that waited is left out, for the end is saved with all. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelTimer?.()
    await this.#saving
  }

  #saveNow(): void {
    this.#dirty = false
    this.#isBehind = this.#saving !== null
    this.#saving ??= this.#saveUntilNew()
    const untilNext = this.#intervalMs - (this.#clock.now() % this.#intervalMs)
    this.#cancelTimer = this.#clock.after(untilNext, () => {
      this.#cancelTimer = null
      if (this.#dirty) this.#saveNow()
    })
  }

  async #saveUntilNew(): Promise<void> {
    await this.#save()
    while (this.#isBehind && !this.#stopped) {
      this.#isBehind = false
      await this.#save()
    }
    this.#saving = null
  }
}
