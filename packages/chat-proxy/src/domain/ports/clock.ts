/** Time, replaceable in tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `task` once after `ms`. Returns the way to cancel; never keeps the process alive. */
  after(ms: number, task: () => void): () => void
}
