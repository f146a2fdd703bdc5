import type { Clock } from '../../domain/ports/index.js'
import { Rounds } from './rounds.js'

/** A crash loses at most this much of an answer. */
export const CHECKPOINT_MS = 1_000
/** The same of its beginning, and of the calls of providers. */
export const SOON_MS = 250

/** When what is new is saved. Each is the same for all runs, so that the store gets what many have to save at once. */
export interface CheckpointRounds {
  /** What happens a few times in an answer. */
  readonly soon: Rounds
  /** What goes on all the time. */
  readonly usual: Rounds
}

/** For all runs of a process. */
export const checkpointRounds = (clock: Clock): CheckpointRounds => ({
  soon: new Rounds(clock, SOON_MS),
  usual: new Rounds(clock, CHECKPOINT_MS),
})

/**
 * Decides when progress is saved: never at once, but when the next round begins. What is over before then is saved with its end
 * alone, so a short answer is written twice: when it is admitted and when it has ended.
 *
 * Saves never overlap, and however long one takes, no more than one waits behind it: it will save what there is by then.
 */
export class Checkpointer {
  readonly #rounds: CheckpointRounds
  readonly #save: () => Promise<void>
  /** What is new is saved when such a round begins. */
  #due: keyof CheckpointRounds | null = null
  #stopped = false
  #saving: Promise<void> | null = null
  /** What is being saved is not the newest any more. */
  #isBehind = false
  readonly #saveNow = (): void => {
    this.#due = null
    this.#isBehind = this.#saving !== null
    this.#saving ??= this.#saveUntilNew()
  }

  /** `save` reads the progress of the moment when it runs, and must not reject. */
  constructor(rounds: CheckpointRounds, save: () => Promise<void>) {
    this.#rounds = rounds
    this.#save = save
  }

  /** There is something new. */
  touch(): void {
    if (this.#due === null) this.#saveIn('usual')
  }

  /** There is something new that should not be missing for long. */
  touchSoon(): void {
    if (this.#due === 'soon') return
    this.#withdraw()
    this.#saveIn('soon')
  }

  /** Resolves when no save is under way and none will come; one that waited is left out, for the end is saved with all. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#withdraw()
    await this.#saving
  }

  #saveIn(round: keyof CheckpointRounds): void {
    if (this.#stopped) return
    this.#due = round
    this.#rounds[round].atNext(this.#saveNow)
  }

  #withdraw(): void {
    if (this.#due !== null) this.#rounds[this.#due].withdraw(this.#saveNow)
    this.#due = null
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
