/** What is to be done at the end of this turn of the event loop: one immediate for all of it. */
export class TurnEnd {
  #tasks: (() => void)[] = []
  readonly #runAll = (): void => this.#run()

  /** A task that is added by another one is done right behind it. */
  add(task: () => void): void {
    if (this.#tasks.push(task) === 1) setImmediate(this.#runAll)
  }

  /** A task that throws takes none of the others with it. */
  #run(): void {
    const tasks = this.#tasks
    let done = 0
    try {
      while (done < tasks.length) tasks[done++]?.()
    } finally {
      this.#tasks = tasks.slice(done)
      if (this.#tasks.length > 0) setImmediate(this.#runAll)
    }
  }
}
