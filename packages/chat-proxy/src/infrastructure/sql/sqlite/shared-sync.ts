import { SerialQueue } from '../batch.js'

/** Writes to the disk what stands in a file's cache; resolves when it is there. */
export type Sync = () => Promise<void>

/** One sync for all who ask before it begins: those who come while one is under way share the next. */
export class SharedSync {
  readonly #sync: Sync
  readonly #queue = new SerialQueue()
  #next: Promise<void> | null = null

  constructor(sync: Sync) {
    this.#sync = sync
  }

  /** Resolves after a sync that began after this call. @throws what that sync throws */
  request(): Promise<void> {
    this.#next ??= this.#queue.run(() => {
      this.#next = null
      return this.#sync()
    })
    return this.#next
  }
}
