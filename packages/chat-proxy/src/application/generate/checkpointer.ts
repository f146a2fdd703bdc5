import type { RunProgress, RunUpdate } from '../../domain/ports/index.js'
import type { RunRef } from '../../domain/run.js'
import type { Checkpointed, Checkpoints, Round } from './checkpoints.js'

/**
 * Decides when the progress of one run is saved. What is over before the next round is saved with its end alone, so a short answer is
 * written twice: when it is admitted and when it has ended.
 */
export class Checkpointer implements Checkpointed {
  readonly #checkpoints: Checkpoints
  readonly #run: RunRef
  readonly #progress: () => RunProgress
  /** What is new is saved when such a round begins; `null`: there is nothing new. */
  #due: Round | null = null
  #hasStopped = false

  /** @param progress of the moment when it is called */
  constructor(checkpoints: Checkpoints, run: RunRef, progress: () => RunProgress) {
    this.#checkpoints = checkpoints
    this.#run = run
    this.#progress = progress
  }

  /** There is something new. */
  touch(): void {
    if (this.#due === null) this.#await('usual')
  }

  /** There is something new that should not be missing for long. */
  touchSoon(): void {
    if (this.#due === 'soon') return
    this.#withdraw()
    this.#await('soon')
  }

  /** Resolves when no save is under way and none will come; one that waited is left out, for the end is saved with all. */
  stop(): Promise<void> {
    this.#hasStopped = true
    this.#withdraw()
    return this.#checkpoints.settle(this)
  }

  takeUpdate(): RunUpdate {
    this.#withdraw()
    return { run: this.#run, progress: this.#progress() }
  }

  #await(round: Round): void {
    if (this.#hasStopped) return
    this.#due = round
    this.#checkpoints.await(this, round)
  }

  #withdraw(): void {
    if (this.#due !== null) this.#checkpoints.withdraw(this, this.#due)
    this.#due = null
  }
}
