/** What one side gives as it comes and the other takes when it can, in the same order. For one reader. */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = []
  #isOver = false
  #failure: unknown = null
  #wake: () => void = () => {}

  push(item: T): void {
    this.#waiting.push(item)
    this.#wake()
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** The reader gets everything that came before, then this. */
  fail(error: unknown): void {
    this.#failure = error
    this.end()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      yield* this.#waiting.splice(0)
      if (this.#waiting.length > 0) continue
      if (this.#failure !== null) throw this.#failure
      if (this.#isOver) return
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
