import { RESUME_BACKOFF, SEND_BACKOFF, type BackoffPolicy } from '../retry/backoff.js'

/** The numbers that drive a run. Times in milliseconds. */
export interface RunPolicy {
  readonly sendBackoff: BackoffPolicy
  readonly resumeBackoff: BackoffPolicy
  /** Tries in a row without a new event before giving up; being offline does not count. */
  readonly maxSendTries: number
  readonly maxResumeTries: number
  /** How often the server promises a sign of life. */
  readonly heartbeat: number
  /** Signs of life but no new event for this long: tell people that the model is still working. */
  readonly stillWorkingAfter: number
}

export const DEFAULT_POLICY: RunPolicy = {
  sendBackoff: SEND_BACKOFF,
  resumeBackoff: RESUME_BACKOFF,
  maxSendTries: 5,
  maxResumeTries: 10,
  heartbeat: 10_000,
  stillWorkingAfter: 8_000,
}

/** Silence after which a connection counts as dead, in heartbeats. */
export const DEAD_AFTER_HEARTBEATS = 2.5
