import { SqlError } from './sql-error.js'

/** Runs one task at a time, in the order they came; a failed one does not hold up the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const running = this.#last.then(task)
    this.#last = running.catch(() => {})
    return running
  }
}

/** Does at once what many ask for. @returns what comes of each, in their order */
export type Flush<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>

interface Waiting<Item, Result> {
  readonly items: Item[]
  readonly results: Promise<readonly PromiseSettledResult<Result>[]>
}

/** Collects what is asked for within one turn of the event loop, and until the queue comes to it, and does it at once. */
export class Batch<Item, Result = void> {
  readonly #queue: SerialQueue
  readonly #flush: Flush<Item, Result>
  readonly #largest: number
  #next: Waiting<Item, Result> | null = null

  /** @param largest what comes beyond so many is done next */
  constructor(queue: SerialQueue, flush: Flush<Item, Result>, largest = Infinity) {
    this.#queue = queue
    this.#flush = flush
    this.#largest = largest
  }

  /** Resolves with what came of the item, or rejects with why nothing did. */
  async add(item: Item): Promise<Result> {
    const batch = this.#next ?? this.#open()
    const index = batch.items.push(item) - 1
    if (batch.items.length >= this.#largest) this.#next = null
    const result = (await batch.results)[index]
    if (result?.status === 'fulfilled') return result.value
    throw result?.reason
  }

  #open(): Waiting<Item, Result> {
    const items: Item[] = []
    const batch = { items, results: this.#run(items) }
    this.#next = batch
    return batch
  }

  async #run(items: readonly Item[]): Promise<readonly PromiseSettledResult<Result>[]> {
    await new Promise((resolve) => setImmediate(resolve))
    return this.#queue.run(() => {
      if (this.#next?.items === items) this.#next = null
      return this.#settle(items)
    })
  }

  /** A fault that is only one item's must not take the others with it: each tries alone then. */
  async #settle(items: readonly Item[]): Promise<readonly PromiseSettledResult<Result>[]> {
    const [together] = await Promise.allSettled([this.#flush(items)])
    if (together.status === 'fulfilled')
      return together.value.map((value) => ({ status: 'fulfilled', value }) as const)
    if (items.length === 1 || !(together.reason instanceof SqlError)) return items.map(() => together)
    const results: PromiseSettledResult<Result>[] = []
    for (const item of items) results.push(...(await this.#settle([item])))
    return results
  }
}
