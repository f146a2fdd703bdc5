/** Lets go of whatever it was given for. Calling it twice is harmless. */
export type Release = () => void

/**
 * What the environment tells and gives, each piece replaceable, so that tests never patch globals and the core runs
 * where there is no `window`.
 */
export interface Platform {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `task` once after `ms` milliseconds. */
  after(ms: number, task: () => void): Release
  /** Calls `task` once, before the next paint where there is one, and soon also in a hidden page. */
  frame(task: () => void): Release
  /** A number in [0, 1), for jitter. */
  random(): number
  /** An unguessable id of the form the protocol asks for, starting with `prefix`. */
  newId(prefix: string): string
  isOnline(): boolean
  /** Calls `listener` when the line came or went, and when a page that was away (hidden, frozen, cached) is back. */
  onWake(listener: (reason: WakeReason) => void): Release
}

/**
 * - `online` / `offline`: the network came or went.
 * - `visible`: the page is shown again; its connections may or may not live.
 * - `restored`: the page came back from the back-forward cache; its connections are dead.
 */
export type WakeReason = 'online' | 'offline' | 'visible' | 'restored'
