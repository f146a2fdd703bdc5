import type { Measured } from './processes.js'

/** Tokens of an answer, one every so many milliseconds. */
export const TOKENS = 400
export const INTERVAL_MS = 20

/** What stands between a client and the same endpoint. */
export interface Servers {
  readonly upstream: Measured
  /** `null`: not installed. */
  readonly nginx: Measured | null
  readonly proxy: Measured
}
