/** Counts what the operator changes, for all processes: whoever knows an older number has something to read again. */
export interface ControlRevision {
  /** Grows with every change, in the same step. */
  current(): Promise<number>
  /** Whether another process may change it, too. Once true, always true. */
  isShared(): boolean
}

/**
 * Tells other processes that the operator changed something. A hint and no more: all of them look at `ControlRevision` from
 * time to time as well. Adapters pass `controlSignalsSuite`.
 */
export interface ControlSignals {
  /** Resolves when it is on its way. @throws DomainError `store-unavailable` when it can reach nobody */
  announce(): Promise<void>
  /** Calls `listener` for what others announce, and when something may have been missed. Returns the way to stop. */
  onAnnounced(listener: () => void): () => void
  /** Whether what other processes announce comes here at the moment; where not, looking is all there is. */
  isHeard(): boolean
}

/** What is read again when the operator changed something. */
export interface Refreshable {
  /** @throws DomainError `store-unavailable`; what was known before stays then */
  refresh(): Promise<void>
}
