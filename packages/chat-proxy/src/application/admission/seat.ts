/** How much one process does at once. */
export interface LoadSettings {
  /** Answers that are made at the same time. */
  readonly maxRuns: number
  /** Questions that wait for one of them to end. */
  readonly maxQueued: number
}

/** `begin`: make the answer; `shed`: somebody of a higher tier needed the room; `left`: the signal aborted. */
export type Turn = 'begin' | 'shed' | 'left'

/** One answer's place, in the queue or among those that are being made. */
export interface Seat {
  /**
   * Resolves when the answer may be made, or will not be.
   * @param onPosition told the place in the queue, 1 for the next, when it has to wait and when that changes; at last 0
   */
  turn(signal: AbortSignal, onPosition: (position: number) => void): Promise<Turn>
  /** The answer is made, or nobody wants it any more. As often as you like. */
  leave(): void
}
