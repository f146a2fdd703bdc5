import type { Rounds } from './rounds.js'

/** A crash loses at most this much of an answer. */
export const CHECKPOINT_MS = 1_000

/**
 * Decides when progress is saved: at the first change and at those that cannot wait, else once per round as long as there are
 * changes. Rounds are the same for all runs, so that the store gets what many have to save at once.
 *
 * Saves never overlap, and however long one takes, no more than one waits behind it: it will save what there is by then.
 */
export class Checkpointer {
  readonly #rounds: Rounds
  readonly #save: () => Promise<void>
  /** The newest save began in it. */
  #savedIn: number | null = null
  /** What is new is saved when the next round begins. */
  #isDue = false
  #stopped = false
  #saving: Promise<void> | null = null
  /** What is being saved is not the newest any more. */
  #isBehind = false
  readonly #saveNow = (): void => {
    this.#isDue = false
    this.#savedIn = this.#rounds.current
    this.#isBehind = this.#saving !== null
    this.#saving ??= this.#saveUntilNew()
  }

  /** `save` reads the progress of the moment when it runs, and must not reject. */
  constructor(rounds: Rounds, save: () => Promise<void>) {
    this.#rounds = rounds
    this.#save = save
  }

  /** There is something new. */
  touch(): void {
    if (this.#isDue || this.#stopped) return
    if (this.#savedIn !== this.#rounds.current) return this.#saveNow()
    this.#isDue = true
    this.#rounds.atNext(this.#saveNow)
  }

  /** There is something new that a crash in the next moment must not take. */
  touchAndSave(): void {
    if (this.#stopped) return
    this.#rounds.withdraw(this.#saveNow)
    this.#saveNow()
  }

  /** Resolves when no save is under way and none will come; one that waited is left out, for the end is saved with all. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#rounds.withdraw(this.#saveNow)
    await this.#saving
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
