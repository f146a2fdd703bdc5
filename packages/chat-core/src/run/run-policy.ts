import type { Patience } from '../retry/backoff.js'

/** The numbers that drive a run. Times in milliseconds. */
export interface RunPolicy {
  /** While the server has not shown that it has the question. */
  readonly send: Patience
  /** While the answer is read on; the very first try is immediate. */
  readonly resume: Patience
  /** How often the server promises a sign of life, in milliseconds. */
  readonly heartbeat: number
  /** Signs of life but no new event for so many milliseconds: tell people that the model is still working. */
  readonly stillWorkingAfter: number
}

export const DEFAULT_POLICY: RunPolicy = {
  send: { tries: 5, base: 300, cap: 10_000 },
  resume: { tries: 10, base: 250, cap: 5_000 },
  heartbeat: 10_000,
  stillWorkingAfter: 8_000,
}

/** Silence after which a connection counts as dead, in heartbeats. */
export const DEAD_AFTER_HEARTBEATS = 2.5
