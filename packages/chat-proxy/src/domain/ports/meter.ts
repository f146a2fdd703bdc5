/** Numbers that tell how a process is. Those that say whether something is so are 1 or 0. */
export type Gauge =
  /** The rate limits are counted together with all other processes; 0: this one gives its part of them. */
  | 'rate_limits_shared'
  | 'redis_up'
  | 'database_up'
  /** Answers that are being made, and questions that wait. */
  | 'runs_running'
  | 'runs_queued'

/** Takes numbers for whoever watches the process. Never throws. */
export interface Meter {
  set(gauge: Gauge, value: number): void
}

/** Nobody watches. */
export const NO_METER: Meter = { set: () => {} }
