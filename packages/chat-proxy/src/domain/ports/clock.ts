/** Time, replaceable in tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `task` once after `ms` milliseconds. Returns the way to cancel; never keeps the process alive. */
  after(ms: number, task: () => void): () => void
  /**
   * Calls `task` at the end of this turn of the event loop, after what has come in it was read; what is asked for by such a
   * task, right behind the others. Under load, things of one kind then follow each other, which costs far less than one by one
   * in between; an idle process loses no time by it.
   */
  soon(task: () => void): void
}
