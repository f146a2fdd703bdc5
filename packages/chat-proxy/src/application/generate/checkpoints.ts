import type { Clock, Logger, RunRepository, RunUpdate } from '../../domain/ports/index.js'
import { Rounds } from './rounds.js'

/** A crash loses at most this much of an answer. */
export const CHECKPOINT_MS = 1_000
/** The same of its beginning, and of the calls of providers. */
export const SOON_MS = 250
/** Runs that are saved together. What is being saved is kept until it is, so it is never what thousands have come to. */
const MOST_AT_ONCE = 500

export interface CheckpointsDeps {
  readonly runs: Pick<RunRepository, 'checkpoint'>
  readonly clock: Clock
  readonly logger: Logger
}

/** When what is new is saved: what happens a few times in an answer, and what goes on all the time. */
export type Round = 'soon' | 'usual'

/** A run whose progress is saved. */
export interface Checkpointed {
  /** What there is to save by now; it is being done. */
  takeUpdate(): RunUpdate
}

/**
 * Saves the progress of all runs of a process, never at once, but when the next round begins, which is the same for all of them.
 * Saves never overlap, and however long one takes, no run waits more than once behind it: what it has by then is saved.
 */
export class Checkpoints {
  readonly #deps: CheckpointsDeps
  readonly #rounds: Readonly<Record<Round, Rounds<Checkpointed>>>
  /** Their round has begun. */
  readonly #due = new Set<Checkpointed>()
  /** Those that are being saved. */
  #underWay: { readonly runs: ReadonlySet<Checkpointed>; readonly saving: Promise<void> } | null = null

  constructor(deps: CheckpointsDeps) {
    this.#deps = deps
    const begin = (runs: Iterable<Checkpointed>): void => this.#begin(runs)
    this.#rounds = {
      soon: new Rounds(deps.clock, SOON_MS, begin),
      usual: new Rounds(deps.clock, CHECKPOINT_MS, begin),
    }
  }

  /** Is saved when the next round of its kind begins. */
  await(run: Checkpointed, round: Round): void {
    this.#rounds[round].await(run)
  }

  /** Waits for no round of this kind after all. */
  withdraw(run: Checkpointed, round: Round): void {
    this.#rounds[round].withdraw(run)
  }

  /** Resolves when nothing of a run that waits for no round is being saved, or will be. */
  async settle(run: Checkpointed): Promise<void> {
    this.#due.delete(run)
    if (this.#underWay?.runs.has(run)) await this.#underWay.saving
  }

  #begin(runs: Iterable<Checkpointed>): void {
    for (const run of runs) this.#due.add(run)
    if (this.#underWay === null) void this.#saveAll()
  }

  async #saveAll(): Promise<void> {
    while (this.#due.size > 0) {
      const runs = this.#nextDue()
      this.#underWay = { runs, saving: this.#save(Array.from(runs, (run) => run.takeUpdate())) }
      await this.#underWay.saving
    }
    this.#underWay = null
  }

  #nextDue(): ReadonlySet<Checkpointed> {
    const runs = new Set<Checkpointed>()
    for (const run of this.#due) {
      if (runs.size === MOST_AT_ONCE) break
      runs.add(run)
      this.#due.delete(run)
    }
    return runs
  }

  async #save(updates: readonly RunUpdate[]): Promise<void> {
    try {
      for (const { run, error } of await this.#deps.runs.checkpoint(updates))
        this.#deps.logger.warn('the text so far could not be saved', { ...run, error })
    } catch (error) {
      // The store is away for everybody: a line for each of them, every second, would say no more.
      this.#deps.logger.warn('the texts so far could not be saved', { count: updates.length, error })
    }
  }
}
