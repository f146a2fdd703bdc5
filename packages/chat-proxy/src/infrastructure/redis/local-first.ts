import { pourBatches } from '../../domain/pour-batches.js'
import type { LoggedBatches, TakeBatch } from '../../domain/ports/run-log.js'
import type { LoggedEvent } from '../../domain/run-event.js'
import type { EventBuffer } from '../memory/event-buffer.js'

/**
 * Reads a run that this process writes: from its own memory, which costs Redis nothing and waits for it no longer than the
 * writer does; and, when somebody else took the run over, from Redis where the memory ends.
 */
export class LocalFirst implements LoggedBatches {
  readonly #own: EventBuffer
  readonly #after: number
  readonly #signal: AbortSignal
  readonly #shared: (after: number) => LoggedBatches

  constructor(
    own: EventBuffer,
    after: number,
    signal: AbortSignal,
    shared: (after: number) => LoggedBatches,
  ) {
    this.#own = own
    this.#after = after
    this.#signal = signal
    this.#shared = shared
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly LoggedEvent[]> {
    let seen = this.#after
    for await (const batch of this.#own.follow(seen, this.#signal)) {
      seen = batch.at(-1)?.seq ?? seen
      yield batch
    }
    if (!this.#isOver(seen)) yield* this.#shared(seen)
  }

  async pour(take: TakeBatch): Promise<void> {
    let seen = this.#after
    await pourBatches(this.#own.follow(seen, this.#signal), (batch) => {
      seen = batch.at(-1)?.seq ?? seen
      return take(batch)
    })
    if (!this.#isOver(seen)) await pourBatches(this.#shared(seen), take)
  }

  #isOver(seen: number): boolean {
    return this.#signal.aborted || (this.#own.isClosed && seen === this.#own.lastSeq)
  }
}
