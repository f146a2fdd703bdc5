/** Runs one task at a time, in the order they came; a failed one does not hold up the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const running = this.#last.then(task)
    this.#last = running.catch(() => {})
    return running
  }
}

/** Collects what is asked for within one turn of the event loop, and until the queue comes to it, and does it at once. */
export class Batch<Item> {
  readonly #queue: SerialQueue
  readonly #flush: (items: readonly Item[]) => Promise<void>
  #waiting: Item[] = []
  #next: Promise<void> | null = null

  constructor(queue: SerialQueue, flush: (items: readonly Item[]) => Promise<void>) {
    this.#queue = queue
    this.#flush = flush
  }

  /** Resolves, or rejects, with the batch that the item is in. */
  add(item: Item): Promise<void> {
    this.#waiting.push(item)
    this.#next ??= this.#run()
    return this.#next
  }

  async #run(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    return this.#queue.run(() => {
      const items = this.#waiting
      this.#waiting = []
      this.#next = null
      return this.#flush(items)
    })
  }
}
