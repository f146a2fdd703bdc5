import type { RunSnapshot } from '../../../application/shared/run-snapshot.js'
import type { RunEvent } from '../../../domain/run-event.js'
import type { Run } from '../../../domain/run.js'

/** How a run is written as an event stream. Pure: the same log entry gives the same bytes to every reader. */
export interface StreamFormat {
  /** Besides those of any event stream. */
  readonly headers: Readonly<Record<string, string>>
  /** Tells the data of the one event that a log entry of this run is. What is the same for all of them is made once. */
  eventsOf(run: Run): (event: RunEvent) => string
  /**
   * The data of the events that stand for everything up to a snapshot. Of an ended run they end the stream, too.
   * @param hasBegun the reader has got events of this stream before, which the snapshot replaces
   */
  resync(snapshot: RunSnapshot, hasBegun: boolean): readonly string[]
}
